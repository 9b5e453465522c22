import type { Against } from './against.ts'

/** For people: what differs, and what nobody can tell from outside. */
export function formatAgainst(found: Against): string {
  const { asked, forwarded, traced, differences, undecided, inferred } = found
  const open = undecided.length === 0 ? '' : `, ${String(undecided.length)} undecided`
  const head =
    differences.length > 0
      ? `${String(differences.length)} of ${String(asked)} answers differ.`
      : `Every answer${open === '' ? '' : ' that can be told'} is as explained (${String(asked)} asked${open}).`
  const lines = differences.flatMap(({ request, expected, answered }) => [
    request,
    `  explained: ${expected}`,
    `  answered:  ${answered}`,
  ])
  const limits = traced
    ? `${String(forwarded)} of them an upstream answers: compared by where the gateway says that it sent them.`
    : `${String(forwarded)} of them an upstream answers: compared by what only a gateway says.`
  const pages =
    inferred === 0
      ? []
      : [
          `${String(inferred)} 404s are nginx’s built-in page, taken for the gateway’s own: every upstream answered, and none with it.`,
        ]
  return `${[head, ...lines, ...doubts(undecided), limits, ...pages].join('\n')}\n`
}

/** One line for each reason, with the first request that it holds for. */
function doubts(undecided: Against['undecided']): readonly string[] {
  if (undecided.length === 0) return []
  const reasons = Map.groupBy(undecided, ({ why }) => why)
  const lines = [...reasons].map(
    ([why, requests]) => `  ${String(requests.length)}: ${why}, as ${requests[0]?.request ?? ''}`,
  )
  const advice = 'A Postern tells what it did, and decides them all, with serve --explain-header.'
  return [`${String(undecided.length)} cannot be decided from outside:`, ...lines, `  ${advice}`]
}

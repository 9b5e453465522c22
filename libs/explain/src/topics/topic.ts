import { plain, type Paint } from '../render-explanation.ts'
import { wrap } from '../wrap.ts'

/** A short answer about one object or name: tables, facts, and what is wrong with the fix. */
export interface Topic {
  readonly title: string
  readonly parts: readonly TopicPart[]
  /** One sentence each, naming the fix. */
  readonly findings: readonly string[]
  /** What was asked about is not among the manifests. */
  readonly missing?: true
}

export interface TopicPart {
  readonly heading: string
  /** Rows of a table; the first is its head. */
  readonly table?: readonly (readonly string[])[]
  readonly facts?: readonly string[]
}

const WIDTH = 100

/** As text, for a terminal of so many columns. Tables keep their own width. */
export function renderTopic(
  { title, parts, findings }: Topic,
  paint: Paint = plain,
  width: number = WIDTH,
): string {
  const lines = [
    ...wrap(title, width, '  ').map((line) => paint('bold', line)),
    ...findings.flatMap((one) => wrap(`! ${one}`, width, '  ').map((line) => paint('yellow', line))),
    ...parts.flatMap(({ heading, table = [], facts = [] }) => [
      '',
      ...wrap(heading, width, '  ').map((line) => paint('bold', line)),
      ...tableLines(table).map((line) => `  ${line}`),
      ...facts.flatMap((fact) =>
        wrap(fact, width - 4, '').map((line, i) => `  ${i === 0 ? '–' : ' '} ${line}`),
      ),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** `NAME` or `NAMESPACE/NAME`; the namespace is `default` when nobody says another. */
export function splitName(
  name: string,
  namespace = 'default',
): { readonly namespace: string; readonly name: string } {
  const [first = '', second] = name.split('/')
  return second === undefined ? { namespace, name: first } : { namespace: first, name: second }
}

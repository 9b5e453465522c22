import type { CompileSettings, ManifestSet } from '@postern/control-plane'
import { formatOutcome } from '../outcome.ts'
import { formatRequest, type ExplainRequest } from '../request.ts'
import { makeSubject } from '../subject.ts'
import { behaviourKey, behaviourOf, type Behaviour } from './behaviour.ts'
import { probes } from './probes.ts'

/** Requests of one host that change in the same way. */
export interface Change {
  readonly host: string
  readonly before: string
  readonly after: string
  /** What differs where the outcomes read alike. */
  readonly quiet: readonly string[]
  /** `GET http://shop.example/cart`, the shortest first. */
  readonly requests: readonly string[]
}

export interface Diff {
  /** Hosts with rules, on either side. */
  readonly hosts: number
  /** Requests that were asked: none for a host that is the same on both sides. */
  readonly probes: number
  readonly changed: number
  readonly changes: readonly Change[]
}

/** Which requests end otherwise under the new manifests. Pure; sends nothing. */
export async function diff(
  before: ManifestSet,
  after: ManifestSet,
  settings: CompileSettings,
): Promise<Diff> {
  const [old, next] = [makeSubject(before, settings), makeSubject(after, settings)]
  const asked = probes(old.compiled.table, next.compiled.table)
  const groups = new Map<string, Change & { readonly requests: string[] }>()
  let changed = 0
  for (const request of asked) {
    const [was, is] = [await behaviourOf(old, request), await behaviourOf(next, request)]
    if (behaviourKey(was) === behaviourKey(is)) continue
    changed += 1
    collect(groups, request, was, is)
  }
  const changes = [...groups.values()]
  for (const { requests } of changes) requests.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const hosts = new Set([old, next].flatMap(({ compiled }) => compiled.table.hosts.map(({ host }) => host)))
  return { hosts: hosts.size, probes: asked.length, changed, changes }
}

function collect(
  groups: Map<string, Change & { readonly requests: string[] }>,
  request: ExplainRequest,
  was: Behaviour,
  is: Behaviour,
): void {
  const [before, after] = [describe(was, request), describe(is, request)]
  const quiet = before === after ? quietChanges(was, is) : []
  const key = JSON.stringify([request.authority, kindOf(was), kindOf(is), quiet])
  let group = groups.get(key)
  if (group === undefined)
    groups.set(key, (group = { host: request.authority, before, after, quiet, requests: [] }))
  group.requests.push(describeRequest(request))
}

/** Where a request ends, without the path that it ends with. */
function kindOf({ visible }: Behaviour): string {
  const ends = visible.map(({ share, outcome }) => {
    if (outcome.kind === 'forwarded') return [share, outcome.backend]
    if (outcome.kind === 'passed-through') return [share, outcome.kind, outcome.backend]
    return [share, outcome.status, outcome.kind === 'answered' ? outcome.reason : '']
  })
  return JSON.stringify(ends)
}

// What only repeats the question is not told again.
function describe({ visible }: Behaviour, { target }: ExplainRequest): string {
  const texts = visible.map(({ share, outcome }) => {
    const percent = share === 1 ? '' : `${String(Math.round(share * 100))} % `
    return percent + formatOutcome(outcome).replaceAll(target, '<as asked>')
  })
  return texts.join(', ').replaceAll('?probe=1', '')
}

function describeRequest(request: ExplainRequest): string {
  const headers = request.headers.map(([name, value]) => ` -H '${name}: ${value}'`).join('')
  const from = request.from === '192.0.2.1' ? '' : ` --from ${request.from}`
  return formatRequest(request).replace('?probe=1', '') + headers + from
}

function quietChanges(was: Behaviour, is: Behaviour): readonly string[] {
  const keys = [...new Set([...Object.keys(was.quiet), ...Object.keys(is.quiet)])].sort()
  const named = keys.flatMap((key) => {
    const [before, after] = [JSON.stringify(was.quiet[key]), JSON.stringify(is.quiet[key])]
    return before === after ? [] : [`${key}: ${shorten(before)} → ${shorten(after)}`]
  })
  if (named.length > 0) return named
  const [before, after] = [headersOf(was), headersOf(is)]
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`)
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)]
}

function headersOf({ visible }: Behaviour): readonly string[] {
  return visible.flatMap(({ outcome }) => {
    if (outcome.kind === 'refused') return []
    const sent =
      outcome.kind === 'forwarded' ? outcome.headers.map(([n, v]) => `to the upstream ${n}: ${v}`) : []
    const at = 'endpoints' in outcome ? outcome.endpoints.map((address) => `endpoint ${address}`) : []
    if (outcome.kind === 'passed-through') return at
    return [...at, ...sent, ...outcome.responseHeaders.map(([n, v]) => `to the client ${n}: ${v}`)]
  })
}

function shorten(text: string | undefined): string {
  if (text === undefined) return 'nothing'
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

const SHOWN = 3

/** For people: host by host, what was and what is. */
export function formatDiff({ hosts, probes: count, changed, changes }: Diff): string {
  if (hosts === 0) return 'No request changes: neither side has a rule that is served.\n'
  if (count === 0) return 'No request changes: no host has other rules.\n'
  if (changed === 0) return `No request changes (${String(count)} asked).\n`
  const lines = [`${String(changed)} of ${String(count)} kinds of request change.`]
  let heading: string | undefined
  for (const { host, before, after, quiet, requests } of changes) {
    const more = requests.length > SHOWN ? [`  and ${String(requests.length - SHOWN)} more`] : []
    const effect =
      before === after
        ? [`    ${before}`, ...quiet.map((one) => `    ~ ${one}`)]
        : [`    - ${before}`, `    + ${after}`]
    lines.push('', ...(host === heading ? [] : [host]))
    heading = host
    lines.push(...requests.slice(0, SHOWN).map((one) => `  ${one}`), ...more, ...effect)
  }
  return `${lines.join('\n')}\n`
}

import { didYouMean } from '@postern/control-plane'
import type { VirtualHost } from '@postern/routing-table'
import { nameOf, placeOf, type Detail, type Stage } from '../explanation.ts'
import type { Subject } from '../subject.ts'

/** Exact name, then the one wildcard, then any host. There is no way back. */
export function hostStage(host: string, pattern: string | undefined, subject: Subject): Stage {
  const { hosts } = subject.compiled.table
  const wildcard = host.includes('.') && !isAddress(host) ? `*${host.slice(host.indexOf('.'))}` : undefined
  const candidates = [host, wildcard, '*'].filter((name) => name !== undefined)
  const chosen = candidates.indexOf(pattern ?? '')
  const details = candidates.flatMap((name, index): Detail[] => {
    if (name === pattern) return [{ mark: 'won', text: `${describe(name)} has rules` }]
    if (!exists(hosts, name)) return [{ mark: 'lost', text: `${describe(name)}: no rule` }]
    if (chosen >= 0 && index > chosen) {
      const text = `${describe(name)} has rules too; a more specific host never falls through to it`
      return [{ mark: 'lost', text }]
    }
    return []
  })
  if (pattern !== undefined) return { stage: 'host', decision: `${host} → host ${pattern}`, details }
  const hint = unserved(host, subject) ?? { mark: 'note', text: otherHosts(host, hosts) }
  return { stage: 'host', decision: `${host}: no rule names this host`, details: [...details, hint] }
}

/** The name is right, and the Ingress that has it is not served. */
function unserved(host: string, { world }: Subject): Detail | undefined {
  const found = [...world.objects.ingresses.values()].find(({ rules }) =>
    rules.some((rule) => rule.host === host),
  )
  if (found === undefined) return undefined
  return {
    mark: 'lost',
    text: `Ingress ${nameOf(found.ref)} names it and is not served`,
    ...placeOf(found.ref),
  }
}

/** The host of a rule that was probably meant. */
export function nearestHost(host: string, hosts: readonly VirtualHost[]): string | undefined {
  const names = hosts.map((one) => one.host as string).filter((name) => !name.startsWith('*'))
  const sibling = names.find((name) => name.split('.')[0] === host.split('.')[0])
  return didYouMean(host, names) ?? sibling ?? (names.length === 1 ? names[0] : undefined)
}

const SHOWN = 6

function otherHosts(host: string, hosts: readonly VirtualHost[]): string {
  const near = nearestHost(host, hosts)
  if (near !== undefined) return `did you mean ${near}?`
  if (hosts.length === 0)
    return 'no host has rules: is the Ingress among these manifests, and of a class that is served?'
  const more = hosts.length > SHOWN ? ` and ${String(hosts.length - SHOWN)} more` : ''
  const names = hosts.slice(0, SHOWN).map(({ host }) => host)
  return `hosts that have rules: ${names.join(', ')}${more}`
}

/** No wildcard covers an address. */
export function isAddress(host: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/.test(host)
}

function exists(hosts: readonly VirtualHost[], name: string): boolean {
  return hosts.some((one) => one.host === name)
}

function describe(name: string): string {
  if (name === '*') return 'rules without a host'
  return name.startsWith('*.') ? `wildcard ${name}` : `exact ${name}`
}

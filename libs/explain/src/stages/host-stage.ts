import { didYouMean } from '@postern/control-plane'
import type { VirtualHost } from '@postern/routing-table'
import type { Detail, Stage } from '../explanation.ts'
import type { Subject } from '../subject.ts'

/** Exact name, then the one wildcard, then any host. There is no way back. */
export function hostStage(host: string, pattern: string | undefined, { compiled }: Subject): Stage {
  const { hosts } = compiled.table
  const wildcard = host.includes('.') ? `*${host.slice(host.indexOf('.'))}` : undefined
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
  const near = nearestHost(host, hosts)
  const text = near === undefined ? knownHosts(hosts) : `did you mean ${near}?`
  const hint: readonly Detail[] = text === undefined ? [] : [{ mark: 'note', text }]
  return { stage: 'host', decision: `${host}: no rule names this host`, details: [...details, ...hint] }
}

/** The host of a rule that was probably meant. */
export function nearestHost(host: string, hosts: readonly VirtualHost[]): string | undefined {
  const names = hosts.map((one) => one.host as string).filter((name) => !name.startsWith('*'))
  const sibling = names.find((name) => name.split('.')[0] === host.split('.')[0])
  return didYouMean(host, names) ?? sibling ?? (names.length === 1 ? names[0] : undefined)
}

const SHOWN = 6

function knownHosts(hosts: readonly VirtualHost[]): string | undefined {
  if (hosts.length === 0)
    return 'no host has rules: is the Ingress among these manifests, and of a class that is served?'
  const more = hosts.length > SHOWN ? ` and ${String(hosts.length - SHOWN)} more` : ''
  const names = hosts.slice(0, SHOWN).map(({ host }) => host)
  return `hosts that have rules: ${names.join(', ')}${more}`
}

function exists(hosts: readonly VirtualHost[], name: string): boolean {
  return hosts.some((one) => one.host === name)
}

function describe(name: string): string {
  if (name === '*') return 'rules without a host'
  return name.startsWith('*.') ? `wildcard ${name}` : `exact ${name}`
}

import type { ObjectRef } from '@postern/routing-table'
import { nameOf, placeOf, type Detail, type Stage } from '../explanation.ts'
import type { Subject } from '../subject.ts'

/** Which Ingresses have rules for the host, who owns what two of them want, and who is not served at all. */
export function mergeStage(pattern: string, subject: Subject): Stage {
  const { provenance } = subject.compiled
  const ingresses = [...subject.world.objects.ingresses.values()]
  const named = ingresses.filter(({ rules }) => rules.some(({ host = '*' }) => host === pattern))
  // Nobody names it in a rule: it shares another host's routes, or redirects to it, and belongs to those whose rules hold there.
  const forHost = named.length > 0 ? named : ingresses.filter(({ ref }) => hasRouteAt(pattern, ref, subject))
  const lost = provenance.lost.filter((claim) => claim.host === pattern)
  const details: readonly Detail[] = [
    ...forHost.map(({ ref }): Detail => {
      const verdict = provenance.ingresses.find((one) => nameOf(one.ingress) === nameOf(ref))
      return verdict?.served === false
        ? { mark: 'lost', text: `Ingress ${nameOf(ref)}: ${verdict.reason}`, ...placeOf(ref) }
        : { mark: 'passed', text: `Ingress ${nameOf(ref)}`, ...placeOf(ref) }
    }),
    ...lost.map((claim): Detail => {
      const what = claim.path === undefined ? claim.what : `${claim.what} ${claim.path}`
      const won = `${nameOf(claim.winner)} (${placeOf(claim.winner).place ?? 'in the cluster'})`
      const text = `${what} of ${nameOf(claim.loser)} is not in force: ${won} has it, ${claim.reason}`
      return { mark: 'lost', text, ...placeOf(claim.loser) }
    }),
  ]
  return { stage: 'merge', decision: decide(named.length > 0, details), details }
}

function decide(isNamed: boolean, details: readonly Detail[]): string {
  if (!isNamed) return 'no rule names it: an annotation (server-alias, from-to-www-redirect) makes it answer'
  const count = details.filter(({ mark }) => mark === 'passed').length
  return count === 1 ? 'one Ingress has rules for it' : `rules of ${String(count)} Ingresses are joined`
}

function hasRouteAt(pattern: string, ref: ObjectRef, { compiled }: Subject): boolean {
  const host = compiled.table.hosts.find((one) => one.host === pattern)
  return host?.routes.some(({ origin }) => nameOf(origin) === nameOf(ref)) === true
}

import type { Diagnostic } from '@postern/control-plane'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import type { Subject } from './subject.ts'
import { asList, asObject, refOf } from './world/workload.ts'

/** Ingresses with a rule for this host, or for any, that are not served: of another class, or refused as a whole. */
export function whyNotServed(host: string, subject: Subject): readonly Finding[] {
  return subject.compiled.provenance.ingresses.flatMap(({ ingress, served, reason }) => {
    const found = subject.world.objects.ingresses.get(nameOf(ingress))
    if (served || !found?.rules.some((rule) => rule.host === undefined || rule.host === host)) return []
    const cause = subject.compiled.diagnostics.find(
      ({ code, object }) => CAUSES.has(code) && object !== undefined && nameOf(object) === nameOf(ingress),
    )
    const fix = cause?.fix ?? 'correct the Ingress'
    const sentence = `Ingress ${nameOf(ingress)} has a rule for ${host}, but ${reason}: ${fix}.`
    return [{ code: 'class-not-served', sentence, ...(cause === undefined ? placeOf(ingress) : at(cause)) }]
  })
}

const CAUSES = new Set(['ingress-not-ours', 'snippet-refused'])

const SHOWN = 3

/**
 * Ingresses that no API server would take, as they have an error of form: those that name the host, or else all, since
 * what somebody misses may be in any of them.
 */
export function whyRefused(host: string, { world, compiled }: Subject): readonly Finding[] {
  const refused = world.manifests.filter(
    (manifest) =>
      manifest.content['kind'] === 'Ingress' && !world.objects.ingresses.has(nameOf(refOf(manifest))),
  )
  const naming = refused.filter(({ content }) => hostsOf(content).some((one) => sameHost(one, host)))
  const meant = naming.length > 0 ? naming : world.objects.ingresses.size === 0 ? refused : []
  return meant.slice(0, SHOWN).flatMap((manifest) => {
    const name = nameOf(refOf(manifest))
    const cause = compiled.diagnostics.find(
      ({ severity, object }) => severity === 'error' && object?.kind === 'Ingress' && nameOf(object) === name,
    )
    if (cause === undefined) return []
    const what = cause.field === undefined ? '' : `${cause.field} `
    const sentence = `Ingress ${name} is refused as a whole: ${what}${cause.message} — ${cause.fix ?? 'correct it'}.`
    return [{ code: 'ingress-refused', sentence, ...at(cause) }]
  })
}

function hostsOf(content: Readonly<Record<string, unknown>>): readonly string[] {
  return asList(asObject(content['spec'])['rules']).flatMap(({ host }) =>
    typeof host === 'string' ? [host] : [],
  )
}

// As it was meant: a capital letter or a port may be what is wrong with it.
function sameHost(written: string, host: string): boolean {
  return written.toLowerCase().replace(/:\d*$/, '') === host
}

function at({ file, line }: Diagnostic): { readonly place?: string } {
  return placeOf({ kind: '', namespace: '', name: '', ...(file && { file }), ...(line && { line }) })
}

import { ANY_HOST, type Certificate } from '@postern/routing-table'
import { compareText, type Judged } from '../diagnostic.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { Provenance } from '../provenance.ts'
import type { CompileSettings } from '../settings.ts'
import { Backends, type ReachMemory } from './backends.ts'
import { catchAll } from './catch-all.ts'
import { globalDefault } from './global-default.ts'
import { gatherHosts, type HostDraft } from './hosts.ts'
import type { Joining } from './joining.ts'
import type { HostModel, Model } from './model.ts'
import { planIngress, type PlanMemory } from './plan-ingress.ts'
import { selectIngresses } from './select-ingresses.ts'
import type { GlobalReading } from './read-globals.ts'
import { chooseCertificates, isCovered, type TlsChoice } from './tls.ts'

/** What is kept from one compilation to the next. Everything in it is found again by the identity of objects. */
export interface ResolveMemory {
  readonly plans: PlanMemory
  readonly reaches: ReachMemory
}

export interface Resolved extends Judged<Model> {
  readonly provenance: Omit<Provenance, 'routes'>
}

/** Joins the objects: class, rules by host, Services to endpoints, Secrets to certificates; conflicts are decided here. */
export function resolve(
  objects: Objects,
  globals: GlobalReading,
  settings: CompileSettings,
  memory: ResolveMemory,
): Resolved {
  const selection = selectIngresses(objects, settings)
  const plans = selection.ingresses.map((ingress) => planIngress(ingress, globals.defaults, memory.plans))
  const backends = new Backends(objects, settings, memory.reaches)
  const diagnostics = [
    ...selection.diagnostics,
    ...globals.diagnostics,
    ...plans.flatMap((plan) => plan.diagnostics),
  ]
  const fallbackDestination = globalDefault(settings, backends, diagnostics)
  const joining: Joining = {
    objects,
    settings,
    backends,
    diagnostics,
    lost: [],
    globalDefault: fallbackDestination,
  }

  const drafts = gatherHosts(plans, joining)
  const fallback = catchAll(plans, joining)
  const tls = chooseCertificates(drafts.values(), joining)
  const hosts = [...drafts.values()].map((draft) => toHost(draft, tls)).sort(bySpecificity)

  return {
    value: {
      hosts,
      fallback,
      backends: backends.all(),
      certificates: usedCertificates(tls),
      ...(tls.fallback && { fallbackCertificate: tls.fallback.id }),
      settings: globals.settings,
    },
    diagnostics,
    provenance: { ingresses: selection.verdicts, lost: joining.lost, backends: backends.provenance() },
  }
}

function toHost({ host, locations, fallback }: HostDraft, tls: TlsChoice): HostModel {
  const chosen = tls.certificates.get(host)
  const certificate = chosen === 'fallback' ? tls.fallback : chosen
  return {
    host,
    locations,
    ...(fallback && { fallback }),
    ...(certificate && { tls: { certificate: certificate.id } }),
    covered: isCovered(host, tls),
  }
}

/** Exact names, then wildcards, then any host. */
function bySpecificity(a: HostModel, b: HostModel): number {
  return rank(a) - rank(b) || compareText(a.host, b.host)
}

function rank({ host }: HostModel): number {
  if (host === ANY_HOST) return 2
  return host.startsWith('*.') ? 1 : 0
}

function usedCertificates(tls: TlsChoice): readonly Certificate[] {
  const used = [...tls.certificates.values()].filter((chosen) => chosen !== 'fallback')
  const unique = new Map(
    [...used, ...(tls.fallback ? [tls.fallback] : [])].map((certificate) => [certificate.id, certificate]),
  )
  return [...unique.values()].sort((a, b) => compareText(a.id, b.id))
}

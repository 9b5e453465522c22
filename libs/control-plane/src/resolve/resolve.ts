import { ANY_HOST, type Certificate } from '@postern/routing-table'
import { compareText, type Judged } from '../diagnostic.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { IngressVerdict, Provenance } from '../provenance.ts'
import type { CompileSettings } from '../settings.ts'
import { addAliases } from './aliases.ts'
import { appRootOf } from './app-root.ts'
import { Backends, type ReachMemory } from './backends.ts'
import { addCanaries } from './canaries.ts'
import { catchAll } from './catch-all.ts'
import { globalDefault } from './global-default.ts'
import { hostTls } from './host-tls.ts'
import { followAffinity, followed } from './follow-affinity.ts'
import { gatherHosts, type HostDraft, type HostDrafts } from './hosts.ts'
import type { Joining } from './joining.ts'
import { lintHost } from './lint-host.ts'
import { lintMappings } from './lint-mappings.ts'
import { noteIdleHosts } from './lint-tls.ts'
import type { HostModel, Model } from './model.ts'
import { passthroughs } from './passthroughs.ts'
import { planIngress, type IngressPlan, type PlanMemory } from './plan-ingress.ts'
import type { GlobalReading } from './read-globals.ts'
import { selectIngresses, type Selection } from './select-ingresses.ts'
import { spreadCanaries } from './spread-canaries.ts'
import { certificateFor, chooseCertificates, isCovered, type TlsChoice } from './tls.ts'
import { noteUncoveredWww, wwwHosts, type WwwHost } from './www.ts'

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
  const planning = { objects, globals, settings, memory: memory.plans }
  const plans = selection.ingresses.map((ingress) => planIngress(ingress, planning))
  const served = plans.filter((plan) => plan.refused === undefined)
  const main = served.filter((plan) => plan.settings.canary === undefined)

  const backends = new Backends(objects, settings, memory.reaches)
  const diagnostics = [
    ...selection.diagnostics,
    ...globals.diagnostics,
    ...plans.flatMap((plan) => plan.diagnostics),
  ]
  const joining: Joining = {
    objects,
    settings,
    backends,
    diagnostics,
    lost: [],
    globalDefault: globalDefault(settings, backends, diagnostics),
    anyNamespace: globals.controller['allow-cross-namespace-resources'],
  }

  for (const { asked, denied } of main) {
    if (denied !== undefined) continue
    for (const { address, backend } of asked) if (backend !== undefined) backends.refer(address)
  }
  const drafts = gatherHosts(main, joining)
  const alternatives = served.filter((plan) => plan.settings.canary !== undefined)
  const canaries = addCanaries(alternatives, drafts, joining)
  const fallback = followed(spreadCanaries(canaries, drafts, catchAll(main, joining), joining), joining)
  followAffinity(drafts, joining)
  // Before aliases, which answer as their host does, but under no name that a handshake is led by.
  const passed = passthroughs(drafts, joining)
  const { hosts, tls } = joinHosts(drafts, joining)
  lintMappings(joining)
  backends.forgetOthers()
  return {
    value: {
      hosts,
      fallback,
      backends: backends.all(),
      certificates: usedCertificates(tls),
      ...(tls.fallback && { fallbackCertificate: tls.fallback.id }),
      passthroughs: passed,
      settings: globals.settings,
    },
    diagnostics,
    provenance: {
      ingresses: verdicts(selection, plans),
      lost: joining.lost,
      backends: backends.provenance(),
    },
  }
}

function joinHosts(
  drafts: HostDrafts,
  joining: Joining,
): { readonly hosts: readonly HostModel[]; readonly tls: TlsChoice } {
  for (const draft of drafts.values()) lintHost(draft, joining)
  const aliases = addAliases(drafts, joining)
  const www = wwwHosts(drafts, joining)
  const tls = chooseCertificates(drafts, aliases, joining)
  noteIdleHosts(drafts, www, joining)
  noteUncoveredWww(www, tls, joining)
  const hosts = [...drafts.values()].map((draft) => toHost(draft, tls, joining))
  const all = [...hosts, ...www.map((host) => toWwwHost(host, tls))].sort(bySpecificity)
  return { hosts: all, tls }
}

function verdicts({ verdicts: all }: Selection, plans: readonly IngressPlan[]): readonly IngressVerdict[] {
  const refused = new Map(plans.map((plan) => [plan.ingress.ref, plan.refused]))
  return all.map((verdict) => {
    const reason = refused.get(verdict.ingress)
    return reason === undefined ? verdict : { ...verdict, served: false, reason }
  })
}

function toHost(draft: HostDraft, choice: TlsChoice, joining: Joining): HostModel {
  const { host, locations, fallback } = draft
  const { tls, locked } = hostTls(draft, choice, joining)
  const appRoot = appRootOf(draft)
  return {
    host,
    locations,
    ...(fallback && { fallback }),
    ...(tls && { tls }),
    ...(locked !== undefined && { locked }),
    covered: isCovered(host, choice),
    ...(appRoot && { first: appRoot }),
  }
}

function toWwwHost({ host, to, route }: WwwHost, choice: TlsChoice): HostModel {
  const certificate = certificateFor(to, choice)
  return {
    host,
    locations: [],
    covered: false,
    first: route,
    ...(certificate && { tls: { certificate: certificate.id } }),
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

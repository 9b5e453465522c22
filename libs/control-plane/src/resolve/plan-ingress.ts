import { readAnnotations, type GlobalDefaults } from '../annotations/read-annotations.ts'
import type { IngressAnnotations } from '../annotations/features.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'

/** What holds for all paths of one Ingress. */
export interface IngressPlan {
  readonly ingress: Ingress
  readonly settings: IngressAnnotations
  /** All its paths answer 503, and why. */
  readonly denied?: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Plans of earlier compilations: an Ingress that did not change keeps its plan. */
export type PlanMemory = WeakMap<Ingress, { readonly globals: GlobalDefaults; readonly plan: IngressPlan }>

export function planIngress(ingress: Ingress, globals: GlobalDefaults, memory: PlanMemory): IngressPlan {
  const before = memory.get(ingress)
  if (before !== undefined && before.globals === globals) return before.plan
  const { settings, denied, diagnostics } = readAnnotations(ingress, globals)
  const plan = { ingress, settings, ...(denied !== undefined && { denied }), diagnostics }
  memory.set(ingress, { globals, plan })
  return plan
}

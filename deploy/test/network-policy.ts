// What a NetworkPolicy says, in the forms that ours use.
import { isPeer, namespaceOf, type KubeObject, type Labels } from './kube-object.ts'

interface PodSelector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly object[]
}

/** Labels, or `key In [values]`. @throws Error for any other form. */
export function podSelectorSelects(selector: PodSelector | undefined, labels: Labels): boolean {
  const expressions = (selector?.matchExpressions ?? []) as readonly {
    key: string
    operator: string
    values: string[]
  }[]
  for (const { operator } of expressions)
    if (operator !== 'In') throw new Error(`operator ${operator} is not read here`)
  return (
    Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  )
}

/** The policies about the Pods with `labels`; without any, everybody may reach them. */
export function policiesFor(
  objects: readonly KubeObject[],
  labels: Labels,
  namespace = 'default',
): readonly KubeObject[] {
  return objects.filter(
    (object) =>
      object.kind === 'NetworkPolicy' &&
      namespaceOf(object) === namespace &&
      podSelectorSelects(object.spec?.podSelector, labels),
  )
}

/** True when one of `policies` lets Pods with the labels `from` in, at some port. */
export function letsIn(policies: readonly KubeObject[], from: Labels): boolean {
  if (policies.length === 0) return true
  return policies.some(({ spec }) =>
    (spec?.ingress ?? []).some(
      ({ from: peers }) => peers === undefined || peers.some((peer) => isPeer(peer, from)),
    ),
  )
}

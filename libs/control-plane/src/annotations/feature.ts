import { Refusal, type ParseValue } from './value.ts'

/** How a key compares with ingress-nginx. Printed in docs/compatibility.md. */
export type Verdict =
  | { readonly kind: 'same' }
  /** `happens`: the value that asks for what happens anyway. `unless`: the key that gives it something to do. */
  | { readonly kind: 'no-op'; readonly because: string; readonly happens?: string; readonly unless?: string }
  | { readonly kind: 'differs'; readonly how: string }
  | { readonly kind: 'refused'; readonly because: string }

export const SAME: Verdict = { kind: 'same' }

/** One annotation under `nginx.ingress.kubernetes.io/`. */
export interface Key<T, D extends T | undefined = T | undefined> {
  readonly parse: ParseValue<T>
  readonly default: D
  /** What holds instead of a bad value, where that may not be the default. */
  readonly fallback?: T
  /** As people know the default: `1m` rather than 1048576. */
  readonly defaultText?: string
  /** What a bad value does: the default holds, or every path of the Ingress answers 503, as ingress-nginx decides per key. */
  readonly bad: 'default' | 'deny'
  /** Key of the ConfigMap that gives the default for all Ingresses. */
  readonly global?: string
  readonly tier: 1 | 2 | 3
  /** One line for the documentation. */
  readonly meaning: string
  readonly verdict: Verdict
}

type KeyOptions<T> = { readonly meaning: string } & Partial<Omit<Key<T>, 'parse' | 'meaning' | 'default'>>

export function key<T>(
  parse: ParseValue<T>,
  options: KeyOptions<NoInfer<T>> & { readonly default: NoInfer<T> },
): Key<T, T>
export function key<T>(parse: ParseValue<T>, options: KeyOptions<NoInfer<T>>): Key<T, undefined>
export function key<T>(parse: ParseValue<T>, options: KeyOptions<T> & { readonly default?: T }): Key<T> {
  return { bad: 'default', tier: 1, verdict: SAME, default: undefined, ...options, parse }
}

export type Keys = Readonly<Record<string, Key<unknown>>>

/** The values of a feature's keys, typed; undefined only where a key has no default. */
export type Values<K extends Keys> = { readonly [Name in keyof K]: Settled<K[Name]> }

type Settled<K> = K extends Key<infer T, infer D> ? (undefined extends D ? T | undefined : T) : never

/** A group of annotations that together mean one thing. It declares; it does not act. */
export interface Feature<K extends Keys = Keys, Result = unknown> {
  readonly name: string
  /** One or two sentences for the documentation. */
  readonly docs: string
  readonly keys: K
  /** The key without which the others say nothing; `exempt` ones say something by themselves. */
  readonly switch?: {
    readonly key: Extract<keyof K, string>
    readonly exempt?: readonly Extract<keyof K, string>[]
  }
  /** What the values mean, free of annotation strings. Gives a `Refusal` when the values do not fit each other. */
  readonly read: (values: Values<K>) => Result | Refusal
}

export function annotationFeature<K extends Keys, Result>(feature: Feature<K, Result>): Feature<K, Result> {
  return feature
}

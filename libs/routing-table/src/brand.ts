declare const brand: unique symbol

/** A string or number that must not be mixed with its neighbours: made only by the parser of its kind. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** Which object of a manifest said so, and where in the file. Lines and columns count from 1. */
export interface ObjectRef {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

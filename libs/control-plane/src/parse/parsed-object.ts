import type { ObjectRef } from '@postern/routing-table'
import type { Manifest } from '../manifest.ts'
import type { Fields } from './fields.ts'

/** What every object of a manifest has once it is parsed. */
export interface ParsedObject {
  readonly ref: ObjectRef
  readonly manifest: Manifest
  readonly namespace: string
  readonly name: string
  /** ISO 8601; only objects that came from a cluster have it. */
  readonly createdAt?: string
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
}

/** Reads one kind of object. Whatever it cannot accept it notes on `fields`; the caller drops objects with errors. */
export type ParseKind<T extends ParsedObject> = (base: ParsedObject, fields: Fields) => T

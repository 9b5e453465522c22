import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/** `v1` ConfigMap: text by key. */
export interface ConfigMap extends ParsedObject {
  readonly data: ReadonlyMap<string, string>
}

export function parseConfigMap(base: ParsedObject, fields: Fields): ConfigMap {
  return { ...base, data: fields.textMap('data') }
}

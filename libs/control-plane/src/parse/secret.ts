import { Redacted } from '@postern/routing-table'
import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/** `v1` Secret. Its values are bytes and never print. */
export interface Secret extends ParsedObject {
  readonly type: string
  readonly data: ReadonlyMap<string, Redacted<Buffer>>
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

export function parseSecret(base: ParsedObject, fields: Fields): Secret {
  const data = new Map<string, Redacted<Buffer>>()
  for (const [key, text] of fields.textMap('data')) {
    const packed = text.replace(/\s/g, '')
    if (BASE64.test(packed) && packed.length % 4 === 0)
      data.set(key, new Redacted(Buffer.from(packed, 'base64')))
    // The value itself is a secret: it does not appear in the message.
    else fields.problem(['data', key], 'is not base64', 'write plain text under stringData instead')
  }
  for (const [key, text] of fields.textMap('stringData'))
    data.set(key, new Redacted(Buffer.from(text, 'utf8')))
  return { ...base, type: fields.text('type') ?? 'Opaque', data }
}

import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { RememberedFiles } from '@postern/control-plane'

/** Manifests as one block of bytes that takes little room: they repeat themselves. Secrets are among them: it is never written anywhere. */
export function packMemory(remembered: RememberedFiles): Uint8Array<ArrayBuffer> {
  return new Uint8Array(deflateRawSync(serialize(remembered), { level: 3 }))
}

export function unpackMemory(packed: Uint8Array): RememberedFiles {
  return deserialize(inflateRawSync(packed)) as RememberedFiles
}

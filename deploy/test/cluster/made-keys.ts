import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-manifests.ts'
import { runHere } from '../room.ts'

export interface MadeKeys {
  /** The certificate's file, for `--cacert`. */
  readonly certFile: string
  readonly cert: string
  readonly key: string
}

/** What `make keys` makes: a key and a certificate for my-nginx, nginxsvc and localhost. */
export async function makeKeys(folder: string): Promise<MadeKeys> {
  const [keyFile, certFile] = [join(folder, 'nginx.key'), join(folder, 'nginx.crt')]
  const made = await runHere('make', '-C', ROOT, 'keys', `KEY=${keyFile}`, `CERT=${certFile}`)
  if (made.code !== 0) throw new Error(made.stderr)
  return { certFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}

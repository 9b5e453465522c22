// usage: node certs/make-certs.ts          the development certificates of ingress/, into certs/
//        node certs/make-certs.ts pair --key FILE --cert FILE [--name NAME]…
//                                          a key and a self-signed certificate (what `make keys` calls)
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { issueSelfSigned } from './issue.ts'
import { makeCertificates } from './make-certificates.ts'

const certs = dirname(fileURLToPath(import.meta.url))
const USAGE = 'usage: node certs/make-certs.ts [pair --key FILE --cert FILE [--name NAME]…]'

// The names under which the Kubernetes example calls its nginx, and this machine.
const PAIR_NAMES = ['nginxsvc', 'my-nginx', 'localhost', '127.0.0.1', '::1']

async function makeDevelopmentCertificates(): Promise<void> {
  const result = await makeCertificates({ ingressFolder: join(certs, '..', 'ingress'), folder: certs })
  for (const file of result.made) console.log(`made  certs/${file}`)
  for (const file of result.kept) console.log(`kept  certs/${file}`)
}

async function makePair(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { key: { type: 'string' }, cert: { type: 'string' }, name: { type: 'string', multiple: true } },
  })
  if (!values.key || !values.cert) throw new TypeError('--key and --cert are both needed')
  const names = values.name ?? PAIR_NAMES
  const pair = await issueSelfSigned({ commonName: names[0] ?? 'nginxsvc', organization: 'nginxsvc', names })
  await rm(values.key, { force: true }) // a file that was there before would keep its mode
  await writeFile(values.key, pair.key, { mode: 0o600 })
  await writeFile(values.cert, pair.cert)
  console.log(`wrote ${values.key} and ${values.cert} for ${names.join(', ')}`)
}

const [command, ...args] = process.argv.slice(2)
try {
  if (command === undefined) await makeDevelopmentCertificates()
  else if (command === 'pair') await makePair(args)
  else throw new TypeError(`unknown command '${command}'`)
} catch (error) {
  console.error(`make-certs: ${error instanceof Error ? error.message : String(error)}`)
  if (error instanceof TypeError) console.error(USAGE)
  process.exitCode = error instanceof TypeError ? 2 : 1
}

// Makes a new service like the others: an app with a tested route, its image, its manifests and a rule of the Ingress.
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { appFiles } from './new-service/app-files.ts'
import { deployFiles, MODELS } from './new-service/deploy-files.ts'
import { addToLists } from './new-service/lists.ts'

const usage =
  'usage: npx node tools/new-service.ts NAME [--port N]   NAME: small letters, digits and dashes; N: 1024 to 65535'

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '8090' },
        root: { type: 'string', default: '.' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    return process.exit(2)
  }
}

const { positionals, values } = parse()
const [name = '', ...rest] = positionals
const port = Number(values.port)
if (values.help) {
  console.log(usage)
  process.exit(0)
}
if (!/^[a-z][a-z0-9-]{1,30}[a-z0-9]$/.test(name) || rest.length > 0 || !(port >= 1024 && port <= 65_535)) {
  console.error(usage)
  process.exit(2)
}
const root = values.root
const models = Object.fromEntries(
  await Promise.all(MODELS.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)),
)
const service = { name, port }
const files = { ...appFiles(service), ...deployFiles(service, models) }
// A lib of that name would be a package of that name. Nothing is written before all places are known to be free.
const places = [`apps/${name}`, `libs/${name}`, `deploy/base/${name}`, ...Object.keys(files)]
const taken = places.find((place) => existsSync(join(root, place)))
if (taken !== undefined) {
  console.error(`${taken} is there already; choose another name, or remove it first`)
  process.exit(1)
}
for (const [file, text] of Object.entries(files)) {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text, { flag: 'wx' })
  console.log(`made    ${file}`)
}
for (const { file, text } of await addToLists(service, root)) {
  await writeFile(join(root, file), text)
  console.log(`changed ${file}`)
}
console.log(`
next:
  npm install                              # the lock file learns of apps/${name}
  npx nx run-many -t test lint typecheck build -p @postern/${name}
  npm start                                # https://${name}.localhost:8443/
then read docs/new-service.md`)

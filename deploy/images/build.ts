// Builds every image, or those that are named: node deploy/images/build.ts [--help]
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildCommand, ENGINES, type Engine } from './build-command.ts'
import { DEFAULT_PREFIX, IMAGES, type Image } from './images.ts'

const USAGE = `usage: node deploy/images/build.ts [option]… [image]…

Builds the images of deploy/images, all of them or those named (users, auth, gateway, …).

  --engine NAME     ${ENGINES.join(', ')}; default: the first that is installed and runs
  --prefix TEXT     before every tag, default ${DEFAULT_PREFIX}
  --debug           the variant with a shell, TAG-debug
  --build-arg N=V   for every build, such as NODE_IMAGE=docker.io/library/node:26-bookworm-slim@sha256:…
  --print           shows the commands and runs none
  --help
Whatever follows \`--\` goes to the engine, such as -- --volume /somewhere:/src/node_modules:ro`

const root = join(import.meta.dirname, '../..')

function main(argv: readonly string[]): number {
  const rest = argv.indexOf('--')
  const flags = rest === -1 ? [] : argv.slice(rest + 1)
  const { values, positionals } = readArguments(rest === -1 ? argv : argv.slice(0, rest))
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const engine = chooseEngine(values.engine)
  const { prefix, debug, 'build-arg': args } = values
  const options = { engine, root, prefix, revision: revision(), debug, args, flags }
  for (const image of wantedImages(positionals, debug)) {
    const [program = engine, ...words] = buildCommand(image, options)
    console.log(`$ ${[program, ...words].join(' ')}`)
    if (values.print) continue
    const { status } = spawnSync(program, words, { stdio: 'inherit' })
    if (status !== 0) return status ?? 1
  }
  return 0
}

function readArguments(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      engine: { type: 'string' },
      prefix: { type: 'string', default: DEFAULT_PREFIX },
      debug: { type: 'boolean', default: false },
      'build-arg': { type: 'string', multiple: true, default: [] },
      print: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}

function wantedImages(names: readonly string[], withShell: boolean): readonly Image[] {
  const unknown = names.filter((name) => !IMAGES.some(({ containerfile }) => containerfile === name))
  if (unknown.length > 0) throw new TypeError(`no image is called ${unknown.join(', ')}`)
  return IMAGES.filter(
    ({ containerfile, debug }) =>
      (names.length === 0 || names.includes(containerfile)) && (debug || !withShell),
  )
}

function chooseEngine(asked: string | undefined): Engine {
  const known = ENGINES.find((one) => one === asked)
  if (known !== undefined) return known
  if (asked !== undefined) throw new TypeError(`--engine ${asked}: expected ${ENGINES.join(', ')}`)
  // Not `--version`: a docker whose daemon does not run answers that too.
  const running = ENGINES.find((one) => spawnSync(one, ['version']).status === 0)
  if (running === undefined)
    throw new TypeError(
      `none of ${ENGINES.join(', ')} is installed and runs: install one, or start docker's daemon`,
    )
  return running
}

function revision(): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : 'unknown'
}

try {
  process.exitCode = main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n\n${USAGE}`)
  process.exitCode = 2
}

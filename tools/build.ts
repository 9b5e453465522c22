// Builds one project: an app becomes self-contained files around main.js, a lib one module whose outside packages stay imports.
// usage: node tools/build.ts <projectRoot>
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Manifest {
  readonly nx?: { readonly tags?: readonly string[] }
}

const root = process.argv[2]
if (root === undefined) {
  console.error('usage: node tools/build.ts <projectRoot>, for example apps/users')
  process.exit(2)
}

const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest
const isApp = manifest.nx?.tags?.includes('type:app') ?? false

// Optional native parts stay imports in a bundle.
const NEVER_BUNDLED = ['pg-native']

// CommonJS packages inside an ESM bundle call `require` for Node's own modules.
const REQUIRE_SHIM =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"

const entryPoints = ['main.ts', 'control-process.ts', 'password-thread.ts', 'index.ts', 'fastify.ts']
  .map((file) => join(root, 'src', file))
  .filter((file) => existsSync(file))
if (isApp && entryPoints.length === 0) {
  console.error(`${root}: nothing to build, expected ${join(root, 'src/main.ts')}`)
  process.exit(1)
}

await rm(join(root, 'dist'), { recursive: true, force: true })
const { metafile } = await build({
  entryPoints,
  outdir: join(root, 'dist'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  conditions: ['@postern/source'],
  sourcemap: true,
  logLevel: 'warning',
  metafile: true,
  // What is imported lazily becomes a file of its own, so that a short command does not load a whole gateway.
  splitting: isApp,
  ...(isApp ? { external: NEVER_BUNDLED, banner: { js: REQUIRE_SHIM } } : { packages: 'external' as const }),
})
if (isApp) await writeFile(join(root, 'dist/built-from.json'), await builtFrom(Object.keys(metafile.inputs)))

/** The sources that went into it and a digest of them: whoever starts what was built can see whether it is out of date. */
async function builtFrom(inputs: readonly string[]): Promise<string> {
  const files = inputs.filter((file) => !file.includes('node_modules/')).sort()
  const hash = createHash('sha256')
  for (const file of files) hash.update(await readFile(file))
  return `${JSON.stringify({ files, sha256: hash.digest('hex') })}\n`
}

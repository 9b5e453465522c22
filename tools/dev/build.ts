// Builds what is older than its sources. A look at every source's size and time (30 ms) saves Nx's own start-up (2 s).
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { StartError } from './wait-until-ready.ts'

const SOURCES = ['apps', 'libs', 'tools/build.ts', 'package-lock.json']

/** Builds the apps whose folders are given. Resolves with `built` or `up to date`. Throws StartError with the build's output. */
export async function build(root: string, folders: readonly string[]): Promise<'built' | 'up to date'> {
  const stampFile = join(root, '.postern', `build-${folders.length}.stamp`)
  const digest = await sourceDigest(root)
  const stamp = await readFile(stampFile, 'utf8').catch(() => '')
  if (stamp === digest && folders.every((folder) => existsSync(join(root, folder, 'dist'))))
    return 'up to date'

  const names = await Promise.all(folders.map((folder) => projectName(root, folder)))
  // Nx would say that it may not write, and not where.
  await access(root, constants.W_OK).catch(() => {
    throw new StartError(`build: it writes into ${root}, and this user may not: take it over with chown`)
  })
  await runNx(root, ['run-many', '-t', 'build', `--projects=${names.join(',')}`, '--outputStyle=static'])
  await mkdir(join(root, '.postern'), { recursive: true })
  await writeFile(stampFile, digest)
  return 'built'
}

async function projectName(root: string, folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as { name: string }
  return manifest.name
}

/** Changes whenever a source is added, removed or written. */
async function sourceDigest(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const path = join(root, source)
    for (const file of (await stat(path)).isDirectory() ? await filesUnder(path) : [path]) {
      const { size, mtimeMs } = await stat(file)
      hash.update(`${file}\0${size}\0${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

async function filesUnder(folder: string): Promise<string[]> {
  const files: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) files.push(...(await filesUnder(path)))
    else if (!/\.(test|e2e|bench)\.ts$/.test(entry.name)) files.push(path)
  }
  return files.sort()
}

function runNx(root: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The tasks are found by name: node, esbuild and vite of this checkout come first.
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new StartError(`the build failed:\n${output.trim()}`))
    })
  })
}

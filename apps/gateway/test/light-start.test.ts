// A short command must not load what serving needs: that is most of the code, and would be most of its time.
import { beforeAll, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

interface Output {
  readonly entryPoint?: string
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
  readonly inputs: Readonly<Record<string, unknown>>
}

const APP = join(import.meta.dirname, '..')
let outputs: ReadonlyMap<string, Output>

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-light-'))
  const metafile = join(folder, 'meta.json')
  const flags = ['--bundle', '--splitting', '--format=esm', '--platform=node', '--log-level=error']
  execFileSync(
    join(APP, '../../node_modules/.bin/esbuild'),
    ['src/main.ts', ...flags, '--conditions=@postern/source', `--outdir=${folder}`, `--metafile=${metafile}`],
    { cwd: APP },
  )
  const meta = JSON.parse(readFileSync(metafile, 'utf8')) as { outputs: Record<string, Output> }
  outputs = new Map(Object.entries(meta.outputs).map(([path, output]) => [basename(path), output]))
  rmSync(folder, { recursive: true })
})

/** Sources that are loaded with an entry, not later. */
function loadedWith(entry: string): readonly string[] {
  const [first] = [...outputs].find(([, { entryPoint }]) => entryPoint === entry) ?? []
  const seen = new Set(first === undefined ? [] : [first])
  for (const file of seen)
    for (const { path, kind } of outputs.get(file)?.imports ?? [])
      if (kind === 'import-statement' && outputs.has(basename(path))) seen.add(basename(path))
  return [...seen].flatMap((file) => Object.keys(outputs.get(file)?.inputs ?? {}))
}

const ENGINES = /undici|prom-client|@peculiar|selfsigned|libs\/(?:http|node)-engine/

test.each(['explain', 'check', 'diff', 'table'])('%s starts without engines', (name) => {
  const sources = [...loadedWith('src/main.ts'), ...loadedWith(`src/commands/run-${name}.ts`)]
  expect(sources.some((source) => source.includes('libs/control-plane/src/'))).toBe(true)
  expect(sources.filter((source) => ENGINES.test(source))).toEqual([])
})

test('serve has them', () => {
  expect(loadedWith('src/serve.ts').some((source) => ENGINES.test(source))).toBe(true)
})

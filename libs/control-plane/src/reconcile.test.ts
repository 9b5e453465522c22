import { expect, test } from '@jest/globals'
import { emptyTable, type RoutingTable } from '@postern/routing-table'
import type { Compiler } from './compile-manifests.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ManifestSet } from './manifest.ts'
import { reconcile } from './reconcile.ts'

const sets = (count: number): ManifestSet[] =>
  Array.from({ length: count }, () => ({ manifests: [], diagnostics: [] }))

/** Publishes a different table for every set; the set of the given number breaks the compiler. */
async function run({ count, breaksAt }: { readonly count: number; readonly breaksAt: number }) {
  const [published, reported]: [RoutingTable[], Diagnostic[]] = [[], []]
  let round = 0
  const compile = () => {
    if (++round === breaksAt) throw new Error('planted')
    const settings = { ...emptyTable.settings, httpsRedirectPort: round }
    return { table: { ...emptyTable, settings }, diagnostics: [], provenance: {} }
  }
  async function* watch() {
    for (const set of sets(count)) {
      const before = round
      yield set
      // The next set comes when this one was compiled: the loop settles what comes together.
      while (round === before) await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const source = { watch, refresh: () => undefined, close: () => Promise.resolve() }
  const ended = reconcile({
    source,
    compiler: { compile } as unknown as Compiler,
    publish: (table) => published.push(table),
    report: (diagnostics) => reported.push(...diagnostics),
  })
  return { ended, published, reported }
}

test('a change that breaks the compiler is reported, and the next one is served', async () => {
  const { ended, published, reported } = await run({ count: 3, breaksAt: 2 })
  await ended
  expect(published.map(({ revision, settings }) => [revision, settings.httpsRedirectPort])).toEqual([
    [1, 1],
    [2, 3],
  ])
  expect(reported).toMatchObject([
    { severity: 'error', code: 'internal', message: expect.stringContaining('planted') },
  ])
})

test('without a first table there is nothing to keep: the failure ends the loop', async () => {
  const { ended } = await run({ count: 1, breaksAt: 1 })
  await expect(ended).rejects.toThrow('planted')
})

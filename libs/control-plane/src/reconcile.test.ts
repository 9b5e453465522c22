import { expect, test } from '@jest/globals'
import { emptyTable, type RoutingTable } from '@postern/routing-table'
import type { Compiler } from './compile-manifests.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ManifestSet } from './manifest.ts'
import { reconcile } from './reconcile.ts'

interface Run {
  readonly count: number
  readonly breaksAt?: number
  readonly absent?: readonly number[]
}

const sets = (count: number, absent: readonly number[]): ManifestSet[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ manifests: [], diagnostics: [] },
    isAbsent: absent.includes(at + 1),
  }))

/** Publishes a different table for every set; the set of the given number breaks the compiler, others are absent. */
async function run({ count, breaksAt, absent = [] }: Run) {
  const [published, reported]: [RoutingTable[], Diagnostic[]] = [[], []]
  let round = 0
  const compile = () => {
    if (++round === breaksAt) throw new Error('planted')
    const settings = { ...emptyTable.settings, httpsRedirectPort: round }
    return { table: { ...emptyTable, settings }, diagnostics: [], provenance: {} }
  }
  async function* watch() {
    for (const set of sets(count, absent)) {
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

test('what is not there is waited for at the start, and makes an empty table later', async () => {
  const { ended, published, reported } = await run({ count: 4, absent: [1, 2, 4] })
  await ended
  expect(published.map(({ settings }) => settings.httpsRedirectPort)).toEqual([3, 4])
  expect(reported).toEqual([])
})

test('without a first table there is nothing to keep: the failure ends the loop', async () => {
  const { ended } = await run({ count: 1, breaksAt: 1 })
  await expect(ended).rejects.toThrow('planted')
})

import { expect, test } from '@jest/globals'
import { readPage } from './read-page.ts'
import type { Page, TaskStore } from './task-store.ts'
import type { Task } from './task.ts'

const taskOf = (number: number, text: string): Task => ({
  id: String(number).padStart(26, '0'),
  uid: 'u7',
  title: '',
  text,
  done: false,
  version: 1,
  createdAt: '2026-11-20T00:00:00.000Z',
})

/** A store of tasks numbered from 1; it tells how many it gave. */
function storeOf(texts: readonly string[]): { readonly given: () => number } & Pick<TaskStore, 'list'> {
  const all = texts.map((text, index) => taskOf(index + 1, text))
  let given = 0
  return {
    given: () => given,
    list: async (_uid, { limit, after = '' }: Page) => {
      const part = all.filter(({ id }) => id > after).slice(0, limit)
      given += part.length
      return part
    },
  }
}

/** Reads all pages; gives how many tasks each had. */
async function pagesOf(store: Pick<TaskStore, 'list'>, limit: number): Promise<readonly number[]> {
  const lengths: number[] = []
  let after: string | undefined
  const seen: string[] = []
  do {
    const page = await readPage(store, 'u7', { limit, ...(after !== undefined && { after }) })
    lengths.push(page.tasks.length)
    seen.push(...page.tasks.map(({ id }) => id))
    after = page.next
  } while (after !== undefined)
  expect(seen).toEqual(seen.map((_, index) => taskOf(index + 1, '').id))
  return lengths
}

const short = (count: number) => Array.from({ length: count }, () => 'x')
const long = (count: number) => Array.from({ length: count }, () => 'x'.repeat(10_000))

test.each([
  ['an empty list', [], 1_000, [0]],
  ['a list that fits', short(250), 1_000, [250]],
  ['exactly a page', short(100), 100, [100]],
  ['one more than a page', short(101), 100, [100, 1]],
  ['a page longer than what is read at once', short(450), 200, [200, 200, 50]],
  ['long tasks', long(120), 1_000, [50, 50, 20]],
  ['a task that is longer than a page', ['x'.repeat(600_000), 'x', 'y'.repeat(600_000)], 1_000, [1, 1, 1]],
])('%s', async (_what, texts, limit, lengths) => {
  expect(await pagesOf(storeOf(texts), limit)).toEqual(lengths)
})

test('no more is read than a page of the longest tasks takes', async () => {
  const store = storeOf(long(1_000))
  await readPage(store, 'u7', { limit: 1_000 })
  expect(store.given()).toBe(100)
  await readPage(store, 'u7', { limit: 2 })
  expect(store.given()).toBe(103)
})

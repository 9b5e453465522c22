import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { DatabaseUrl } from '@postern/store'
import { fastify } from 'fastify'
import { openTaskStore, type TaskStore } from '../src/task-store.ts'

const log = fastify().log

/** What every store of tasks does, whatever database is below. `makeUrl` gives the same empty database each time. */
export function describeTaskStore(name: string, makeUrl: () => DatabaseUrl): void {
  describe(`tasks in ${name}`, () => {
    let store: TaskStore
    const texts = ['b', 'a', 'c'].map((title) => ({ title, text: `${title} 한 \u{1f600} '"%_` }))
    const titles = async (uid: string, limit = 10, after?: string) =>
      (await store.list(uid, { limit, ...(after !== undefined && { after }) })).map(({ title }) => title)

    beforeAll(async () => {
      store = await openTaskStore(makeUrl(), log)
    })
    afterAll(() => store.close())

    test('a new task is not done and has version 1', async () => {
      expect(await store.add('new', { title: 't', text: 'x' })).toMatchObject({
        uid: 'new',
        title: 't',
        done: false,
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      })
    })

    test('a list is in the order of adding, in pages, and nobody else’s', async () => {
      for (const text of texts) await store.add('order', text)
      expect(await titles('order')).toEqual(['b', 'a', 'c'])
      const [first] = await store.list('order', { limit: 1 })
      expect(first).toMatchObject(texts[0] ?? {})
      expect(await titles('order', 1, first?.id)).toEqual(['a'])
      expect(await titles('nobody')).toEqual([])
    })

    test('an account has so many tasks, whatever others have', async () => {
      for (const text of texts) await store.add('counted', text)
      const has = (count: number) => store.has('counted', count)
      expect([await has(1), await has(3), await has(4)]).toEqual([true, true, false])
      expect(await store.has('nobody', 1)).toBe(false)
    })

    test('a change is made for the version that the client saw, and only then', async () => {
      const { id } = await store.add('change', { title: 't', text: 'x' })
      expect(await store.change('change', id, { done: true }, [1])).toMatchObject({
        done: true,
        version: 2,
        title: 't',
      })
      expect(await store.change('change', id, { title: 'lost' }, [1])).toBeUndefined()
      expect(await store.change('other', id, { title: 'stolen' }, 'any')).toBeUndefined()
      expect(await store.change('change', id, { title: 'new' }, 'any')).toMatchObject({
        title: 'new',
        version: 3,
      })
      expect(await store.find('change', id)).toMatchObject({ title: 'new', done: true, version: 3 })
    })

    test('of twenty changes at once for one version one is made', async () => {
      const { id } = await store.add('race', { title: 't', text: 'x' })
      const changes = Array.from({ length: 20 }, (_, index) =>
        store.change('race', id, { title: `${index}` }, [1]),
      )
      const made = (await Promise.all(changes)).filter((task) => task !== undefined)
      expect(made).toHaveLength(1)
      expect(await store.find('race', id)).toEqual(made[0])
    })

    test('a task is removed by its owner, for the version given', async () => {
      const { id } = await store.add('remove', { title: 't', text: 'x' })
      expect(await store.remove('other', id, 'any')).toBe(false)
      expect(await store.remove('remove', id, [7])).toBe(false)
      expect(await store.remove('remove', id, [0, 1])).toBe(true)
      expect(await store.find('remove', id)).toBeUndefined()
    })

    test('all tasks of an account go together', async () => {
      for (const text of texts) await store.add('leaving', text)
      await store.add('staying', { title: 't', text: 'x' })
      expect(await store.removeAll('leaving')).toBe(3)
      expect(await titles('leaving')).toEqual([])
      expect(await titles('staying')).toEqual(['t'])
    })

    test('tasks of an old file come first and once', async () => {
      await store.add('old', { title: 'newer', text: 'x' })
      await store.addOld('old', texts)
      await store.addOld('old', texts)
      expect(await titles('old')).toEqual(['b', 'a', 'c', 'newer'])
    })

    test('fifty additions at once are all there', async () => {
      const all = Array.from({ length: 50 }, (_, index) => `${index}`)
      await Promise.all(all.map((title) => store.add('many', { title, text: 'x' })))
      expect((await titles('many', 100)).sort()).toEqual(all.sort())
    })
  })
}

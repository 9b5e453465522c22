import { describe, expect, test } from '@jest/globals'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SystemUnderTest } from './system-under-test.ts'

/** What happens while somebody edits a file under ingress/. */
export function describeLiveChange(system: () => SystemUnderTest): void {
  const file = () => join(system().ingressFolder, 'hello.yaml')

  /** Saves as most editors and kubelet do: never half a file. */
  async function save(text: string): Promise<void> {
    await writeFile(`${file()}.tmp`, text)
    await rename(`${file()}.tmp`, file())
  }

  /** Looks until it holds; the goal is a second, the deadline only ends a broken run. */
  async function eventually<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
    const deadline = Date.now() + 15_000
    for (;;) {
      const seen = await look()
      if (holds(seen) || Date.now() > deadline) return seen
      await delay(25)
    }
  }

  describe('live change', () => {
    test('a path that is added to a file is served, and gone when it is taken out again', async () => {
      const before = await readFile(file(), 'utf8')
      const status = async () => (await system().https('hello.localhost', '/again')).status
      expect(await status()).toBe(404)
      await save(before.replace('pathType: Exact', 'pathType: Prefix'))
      // proxy-app has no such route: its own 404 tells that the request arrived there.
      const moved = await eventually(
        () => system().https('hello.localhost', '/again', { headers: { accept: 'text/html' } }),
        ({ headers }) => !String(headers['content-type']).includes('html'),
      )
      expect(moved.headers['content-type']).not.toContain('html')
      await save(before)
      expect(await eventually(status, (seen) => seen === 404)).toBe(404)
    })

    test('a host that is added gets its route and its certificate', async () => {
      const before = await readFile(file(), 'utf8')
      await save(before.replaceAll('hello.postern.test', 'added.localhost'))
      const look = () =>
        system()
          .https('added.localhost', '/')
          .catch(() => undefined)
      const answer = await eventually(look, (seen) => seen?.status === 200)
      expect(answer?.certificateNames).toContain('DNS:added.localhost')
      await save(before)
      const back = () => system().https('hello.postern.test', '/')
      expect(
        (
          await eventually(
            back,
            ({ certificateNames }) => certificateNames?.includes('DNS:hello.postern.test') ?? false,
          )
        ).status,
      ).toBe(200)
    })

    test('a broken edit is reported with file, line and column, and changes nothing', async () => {
      const before = await readFile(file(), 'utf8')
      const lines = before.split('\n')
      const at = lines.findIndex((line) => line.startsWith('spec:'))
      await save([...lines.slice(0, at), 'spec: {', ...lines.slice(at + 1)].join('\n'))
      const reported = new RegExp(`hello\\.yaml:\\d+:\\d+`)
      const output = await eventually(
        () => Promise.resolve(system().output()),
        (text) => reported.test(text),
      )
      expect(output).toMatch(reported)
      expect((await system().https('hello.localhost', '/')).status).toBe(200)
      expect((await system().https('lab.localhost', '/')).status).toBe(200)
      await save(before)
    })
  })
}

import { afterEach, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startChild, type Child } from './child.ts'
import { isAlive } from './is-alive.ts'
import { StartError, waitUntilReady } from './wait-until-ready.ts'

const testdata = join(import.meta.dirname, 'testdata')
const started: Child[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function start(folder: string): { child: Child; lines: string[] } {
  const lines: string[] = []
  const child = startChild(
    {
      name: folder,
      folder,
      stopStage: 0,
      address: { host: '127.0.0.1', port: 0 },
      // Nobody answers on the discard port: readiness never comes by itself.
      readyUrl: 'http://127.0.0.1:9/readiness',
      services: [],
      env: {},
      args: [],
    },
    { root: testdata, fromSource: true, onLine: (name, line) => lines.push(`${name}: ${line}`) },
  )
  started.push(child)
  return { child, lines }
}

async function eventually(holds: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await delay(20)) if (holds()) return true
  return holds()
}

describe('a child', () => {
  test('has its name before its lines and stops on SIGTERM', async () => {
    const { child, lines } = start('steady')
    expect(await eventually(() => lines.includes(`steady: steady ${child.pid}`))).toBe(true)
    await child.stop(10_000)
    expect(await child.gone).toBe('exit code 0')
    expect(child.lastLines()).toEqual([`steady ${child.pid}`, 'stopping'])
  })

  test('that does not stop is killed', async () => {
    const { child, lines } = start('stubborn')
    expect(await eventually(() => lines.length > 0)).toBe(true)
    await child.stop(50)
    expect(await child.gone).toBe('killed by SIGKILL')
  })

  test('that dies at its start is named with the reason and its last lines', async () => {
    const { child } = start('broken')
    const failed = waitUntilReady(child, 30_000)
    await expect(failed).rejects.toThrow(StartError)
    await expect(failed).rejects.toThrow(
      'broken (broken) stopped before it was ready: exit code 2\n  | PORT=x: expected a number',
    )
  })

  test('stops by itself when its starter is killed', async () => {
    const starter = spawn(process.execPath, [join(testdata, 'starter.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [chunk] = (await once(starter.stdout, 'data')) as [Buffer]
    const pid = Number(/steady: steady (\d+)/.exec(chunk.toString())?.[1])
    expect(isAlive(pid)).toBe(true)
    starter.kill('SIGKILL')
    expect(await eventually(() => !isAlive(pid))).toBe(true)
  })
})

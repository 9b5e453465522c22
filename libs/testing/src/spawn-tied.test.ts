import { expect, jest, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { spawnTied } from './spawn-tied.ts'
import { until } from './until.ts'

jest.setTimeout(60_000)

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
const tellPid = 'process.stdout.write(`pid ${process.pid}\\n`); setInterval(() => {}, 1000)'
const pidIn = (output: string) => /pid (\d+)\n/.exec(output)?.[1]

test('a server ends when the test that started it is killed', async () => {
  const starter = join(import.meta.dirname, '../testdata/start-tied-and-wait.ts')
  const child = spawn(process.execPath, [starter, tellPid], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const pid = Number(await until('the server runs', () => pidIn(output), 30_000))
  expect(isAlive(pid)).toBe(true)
  child.kill('SIGKILL')
  await until('the server has ended', () => !isAlive(pid), 30_000)
})

test('a signal reaches the server, and its exit code comes back', async () => {
  const script = `process.on('SIGQUIT', () => process.exit(7)); ${tellPid}`
  const child = spawnTied({ name: 'tied', command: [process.execPath, '-e', script], endSignal: 'SIGTERM' })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  await until('the server runs', () => pidIn(output), 30_000)
  child.kill('SIGQUIT')
  expect(await once(child, 'exit')).toEqual([7, null])
})

test('a program that is not there ends at once', async () => {
  const child = spawnTied({ name: 'tied', command: ['/nowhere/server'], endSignal: 'SIGTERM' })
  expect(await once(child, 'exit')).toEqual([127, null])
})

import { expect, jest, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from './until.ts'

jest.setTimeout(90_000)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('an app ends when the process that started it is killed', async () => {
  const starter = join(import.meta.dirname, '../testdata/start-and-wait.ts')
  const child = spawn(process.execPath, ['--conditions=@postern/source', starter], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  let over = false
  const gone = once(child, 'exit').then(() => (over = true))
  const pidIn = () => /app (\d+)\n/.exec(output)?.[1]
  await until('the app runs', () => over || pidIn() !== undefined, 60_000)
  const pid = Number(pidIn())
  expect(isAlive(pid)).toBe(true)
  child.kill('SIGKILL')
  await gone
  await until('the app has ended', () => !isAlive(pid), 30_000)
})

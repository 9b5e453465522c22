import { expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

test('the engine can be replaced: filters run over a fake one without node:http or undici loaded', async () => {
  const { stdout } = await run(process.execPath, [
    '--conditions=@postern/source',
    '--import',
    file('./forbid-sockets.mjs'),
    file('./without-sockets.ts'),
  ])
  expect(stdout).toBe('passed\n')
})

test('the fence stands: the same process cannot load node:http', async () => {
  const attempt = run(process.execPath, [
    '--import',
    file('./forbid-sockets.mjs'),
    '--input-type=module',
    '--eval',
    "import 'node:http'",
  ])
  await expect(attempt).rejects.toThrow('node:http was imported')
})

import { describe, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPartNamed } from '../../e2e/parts.ts'
import { MATRIX } from './matrix.ts'

const unshare = findPartNamed('unshare')
const ip = findPartNamed('ip')
const canRun = unshare !== undefined && ip !== undefined
if (!canRun) console.warn('SKIPPED: V13-V20 need unshare and ip')

// Names and port 80 without touching this machine's: a network and a mount namespace per case. Who is not root gets
// a user namespace around them.
const flags = process.getuid?.() === 0 ? ['-nm'] : ['-rnm']

describe('discovery', () => {
  const inNamespace = join(import.meta.dirname, 'in-namespace.ts')
  const testOrSkip = canRun ? test : test.skip

  for (const { id, what } of MATRIX)
    testOrSkip(`${id} ${what}: signup, login, store and list`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'postern-discovery-'))
      try {
        const args = [...flags, process.execPath, inNamespace, id, folder]
        const { stdout } = await promisify(execFile)(unshare ?? '', args, { maxBuffer: 1e7 })
        const { steps, log } = JSON.parse(stdout) as { steps: [number, string][]; log: string[] }
        expect([steps.map(([status]) => status), log]).toEqual([[201, 200, 201, 200], log])
        expect(steps[0]?.[1]).toContain('User created!')
        expect(steps[1]?.[1]).toContain('"token"')
        expect(steps[3]?.[1]).toContain('Do this,too')
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
})

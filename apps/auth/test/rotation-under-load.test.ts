import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { createTokenVerifier, openKeyFolder, openRotatingKeys } from '@postern/auth'
import { accessTokens } from '@postern/auth/fastify'
import { fastify, type FastifyInstance } from 'fastify'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keySetRoute } from '../src/routes/key-set.ts'
import { readAuthSettings } from '../src/settings.ts'

const MINUTE_MS = 60_000
const ROTATE_MINUTES = 60
const MINUTES = 5 * ROTATE_MINUTES
/** Verifiers that asked for the keys at different times, as replicas of tasks and users do. */
const VERIFIERS = 8

let folder: string
let app: FastifyInstance

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotation-'))
  app = fastify()
})
afterEach(async () => {
  jest.restoreAllMocks()
  await app.close()
  rmSync(folder, { recursive: true })
})

test('five rotations of the keys under load refuse no token that is valid', async () => {
  let nowMs = Date.UTC(2026, 10, 20)
  // jose keeps the key set by Date.now; tokens and keys are told the same time.
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs)
  const clock = () => new Date(nowMs)
  const { rotation, lifetimeSeconds } = readAuthSettings({ demo: false, appEnv: 'test' }, {})
  const fail = (error: unknown) => {
    throw error
  }
  const plan = { ...rotation, rotateAfterMs: ROTATE_MINUTES * MINUTE_MS }
  const keys = openRotatingKeys(openKeyFolder(folder), plan, fail, clock)
  const tokens = await accessTokens(app, { keys, lifetimeSeconds })
  app.register(keySetRoute, { keys })
  const keySetUrl = `${await app.listen({ port: 0, host: '127.0.0.1' })}/.well-known/jwks.json`
  const verifiers = Array.from({ length: VERIFIERS }, () =>
    createTokenVerifier({ keySetUrl, timeoutMs: 30_000, clock }),
  )
  const issued: { readonly token: string; readonly atMs: number }[] = []
  const signedWith = new Set<string>()
  let refused = 0
  for (let minute = 0; minute < MINUTES; minute += 1) {
    signedWith.add(keys.current().kid)
    issued.push({ token: tokens.issue({ uid: 'u1' }), atMs: nowMs })
    const valid = issued.filter(({ atMs }) => nowMs - atMs < lifetimeSeconds * 1000)
    const questions = verifiers
      .filter((_, index) => minute % (index + 1) === 0)
      .flatMap((verify) => [valid[0], valid.at(-1)].map((one) => verify(one?.token ?? '')))
    refused += (await Promise.all(questions)).filter((principal) => principal?.uid !== 'u1').length
    nowMs += MINUTE_MS
    keys.refresh()
  }
  expect(refused).toBe(0)
  expect(signedWith.size).toBeGreaterThanOrEqual(4)
})

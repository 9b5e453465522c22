import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createHttpEngine } from '@postern/http-engine'
import { createNodeEngine } from '@postern/node-engine'
import { makeAuthority, type TestAuthority, type TestCertificate } from '@postern/testing'
import { chartSets } from './chart-sets.ts'
import { compare } from './compare.ts'
import { startEchoes, type EchoServers } from './echo.ts'
import { generatedSet, modelledSets } from './manifest-sets.ts'

let echoes: EchoServers
let authority: TestAuthority
let certificate: TestCertificate

beforeAll(async () => {
  echoes = await startEchoes(6)
  authority = await makeAuthority()
  certificate = await authority.issue('a.example')
})
afterAll(async () => {
  await echoes[Symbol.asyncDispose]()
})

const parts = () => ({ endpoints: echoes.endpoints, certificate })

// The full run, of 10,000 requests, is served.e2e.ts.
describe('what explain says is what is served', () => {
  test.each([
    ['by our own engine', createHttpEngine],
    ['by the first engine', createNodeEngine],
  ])('%s, over real sockets', async (_name, makeEngine) => {
    await using engine = disposable(makeEngine())
    const sets = [...modelledSets(parts()), generatedSet(1, parts()), generatedSet(2, parts())]
    for (const [seed, set] of sets.entries()) {
      const { mismatches } = await compare(set, { engine: engine.engine, requests: 8, seed })
      expect(mismatches).toEqual([])
    }
  })

  test('charts, at the boundaries of their own rules, over TLS too', async () => {
    await using engine = disposable(createHttpEngine())
    for (const [seed, set] of (await chartSets(echoes.endpoints, authority)).entries()) {
      const { mismatches, requests } = await compare(set, { engine: engine.engine, requests: 40, seed })
      expect([set.name, requests > 0, mismatches]).toEqual([set.name, true, []])
    }
  })

  test('a fault planted in either side is caught', async () => {
    await using engine = disposable(createNodeEngine())
    const sets = modelledSets(parts())
    const [fan, exact] = ['fan-out by path', 'exact and prefix'].map((name) =>
      sets.find((set) => set.name === name)!,
    )
    const options = { engine: engine.engine, requests: 60, seed: 7 }
    expect((await compare(fan!, { ...options, explained: exact! })).mismatches.length).toBeGreaterThan(0)
    expect((await compare(exact!, { ...options, explained: fan! })).mismatches.length).toBeGreaterThan(0)
  })
})

function disposable(engine: ReturnType<typeof createNodeEngine>) {
  return { engine, [Symbol.asyncDispose]: () => engine.close() }
}

// The overlay `production`: two of everything, PostgreSQL and Redis by URL, no demo, Postern in front.
import { afterAll, beforeAll, expect } from '@jest/globals'
import { runHere } from '../room.ts'
import { renderOverlay } from '../render.ts'
import { applyBehindPostern, type GatewayShape } from './gateway-shape.ts'
import { dnsFlagsOf } from './dns-names.ts'
import { NETWORK } from './kubelet.ts'
import { openStores, type Stores } from './stores.ts'
import { testIn } from './test-in.ts'
import { CURL_IMAGE } from './test-images.ts'
import type { Answer, World } from './world.ts'

const HOST = 'demo.postern.test'
const ACCOUNT = { email: 'someone@example.com', password: 'a phrase that nobody has used' }
const OWNERS = ['users', 'auth', 'tasks']
const ANSWER_WITHIN_MS = 60_000
/** Longer than an answer takes at 0.2 CPU. */
const NOTHING_WITHIN_MS = 5_000
/** curl's exit code. */
const TIMED_OUT = 28

export function productionCases(world: () => World): void {
  const test = testIn(world)
  let stores: Stores | undefined
  let applied: GatewayShape | undefined

  beforeAll(async () => {
    const { podman } = world()
    stores = await openStores(podman, OWNERS)
    const { databaseUrl, redisUrl } = stores
    const { stdout: key } = await runHere(
      'openssl',
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
    )
    const name = `${new Date().toISOString().replaceAll(/[-:.]/g, '')}.pem`
    applied = await applyBehindPostern(world(), renderOverlay('production'), {
      ...Object.fromEntries(OWNERS.map((owner) => [`${owner}-database`, { url: databaseUrl(owner) }])),
      redis: { url: redisUrl },
      'auth-keys': { [name]: key },
      'service-secret': { secret: 'what-services-show-each-other' },
    })
  }, 300_000)
  afterAll(async () => {
    await world().cluster.clear()
    await stores?.stop()
  })

  const at = (path: string, ...more: readonly string[]): Promise<Answer> => {
    if (applied === undefined) throw new Error('production was not applied')
    return applied.at(HOST, path, ...more)
  }
  const post = (path: string, body: object, ...more: readonly string[]): Promise<Answer> =>
    at(path, '-H', 'Content-Type: application/json', '-d', JSON.stringify(body), ...more)

  test('V46 the demo logins and the token abc do not exist', async () => {
    const login = await post('/api/login', { email: 'test@test.com', password: 'testers' })
    expect([login.status, JSON.parse(login.body)]).toEqual([
      401,
      expect.objectContaining({ message: 'Logging in failed!' }),
    ])
    expect((await at('/api/tasks', '-H', 'Authorization: Bearer abc')).status).toBe(401)
  })

  test('S0.6 W22 the policies: auth answers users and tasks, and nobody else', async () => {
    const { cluster, podman } = world()
    const answerTo = async (app: string, withinMs: number): Promise<string> => {
      const container = `${cluster.podOf(`${app}-deployment`).name}-${app}`
      const ask = `fetch('http://auth-service/', { signal: AbortSignal.timeout(${withinMs}) }).then(({ status }) => console.log(status), ({ name }) => console.log(name)).finally(() => process.exit())`
      return podman.podman('exec', container, '/usr/local/bin/node', '-e', ask)
    }
    expect(await answerTo('users', ANSWER_WITHIN_MS)).toMatch(/^\d{3}$/)
    expect(await answerTo('tasks', ANSWER_WITHIN_MS)).toMatch(/^\d{3}$/)
    expect(await answerTo('frontend', NOTHING_WITHIN_MS)).toBe('TimeoutError')
    const asks = ['curl', '-sS', '-m', String(NOTHING_WITHIN_MS / 1000), 'http://auth-service/']
    const stranger = await podman.once('--network', NETWORK, ...dnsFlagsOf('default'), CURL_IMAGE, ...asks)
    expect(stranger).toMatchObject({
      code: TIMED_OUT,
      stderr: expect.stringContaining('Connection timed out'),
    })
  })

  test('W5 W12 W21 what one replica wrote the other one reads, also after a restart of every one', async () => {
    const { cluster } = world()
    for (const owner of OWNERS) expect(cluster.podsOf(`${owner}-deployment`)).toHaveLength(2)
    expect((await post('/api/signup', ACCOUNT)).status).toBe(201)
    const login = await post('/api/login', ACCOUNT)
    expect(login.status).toBe(200)
    const { token } = JSON.parse(login.body) as { token: string }
    const bearer = ['-H', `Authorization: Bearer ${token}`]
    expect((await post('/api/tasks', { title: 'kept', text: 'outside the Pod' }, ...bearer)).status).toBe(201)
    const readFromAll = async (): Promise<void> => {
      for (let time = 0; time < 12; time++)
        expect(await at('/api/tasks', ...bearer)).toMatchObject({
          status: 200,
          body: expect.stringContaining('outside the Pod'),
        })
    }
    await readFromAll()
    for (const owner of OWNERS) await cluster.rollingRestart(`${owner}-deployment`)
    await readFromAll()
    expect((await post('/api/login', ACCOUNT)).status).toBe(200)
  })
}

// The compose files: ours, and the material's own with images in place of its builds (V1-V13, V19, S2.18, S2.31).
import { describe, expect } from '@jest/globals'
import { readCompose, withCompose, type Compose } from './compose-project.ts'
import { testIn } from './test-in.ts'
import { BEARER, TASK, walk } from './walk.ts'
import { curl, postJson, type World } from './world.ts'

export function composeCases(world: () => World): void {
  const test = testIn(world)
  const walkOnPublishedPorts = async () =>
    expect(await walk(world(), 'http://localhost:8080', 'http://localhost:8000')).toEqual([
      201, 200, 201, 200,
    ])

  describe.each([
    ['V1-V12 compose.yaml', 'compose.yaml'],
    [
      'V19 S2.18 the material’s own file, where nothing tells tasks an address',
      'deploy/compose/material.yaml',
    ],
  ])('%s', (_, file) => {
    const services = readCompose(file)

    test('every service as it says, names by the network, auth not published', () =>
      withCompose(world(), services, async () => {
        await walkOnPublishedPorts()
        // V9: on port 80 there is the page or nothing.
        expect((await curl(world(), 'http://localhost/verify-token/abc')).body).not.toContain('Valid token.')
        if (services['frontend'] === undefined) return
        expect((await curl(world(), 'http://localhost/')).body).toContain('<!doctype html>')
        expect((await curl(world(), ...BEARER, 'http://localhost/api/tasks')).body).toContain('Do this,too')
      }))
  })

  test('V12 S0.2 taken down and up again: nothing is kept, and the list is empty without an error', async () => {
    const { auth, tasks } = readCompose('compose.yaml')
    if (auth === undefined || tasks === undefined) throw new Error('compose.yaml has no auth or no tasks')
    const list = () => curl(world(), ...BEARER, 'http://localhost:8000/tasks')
    await withCompose(world(), { auth, tasks }, async () => {
      await postJson(world(), 'http://localhost:8000/tasks', TASK, ...BEARER)
      expect((await list()).body).toContain('Do this,too')
    })
    await withCompose(world(), { auth, tasks }, async () =>
      expect(await list()).toMatchObject({ status: 200, body: '{"message":"Tasks loaded.","tasks":[]}' }),
    )
  })

  const material = readCompose('deploy/compose/material.yaml')

  test('V13 AUTH_ADDRESS=auth for users and for tasks', () =>
    withCompose(world(), withEnv(material, { AUTH_ADDRESS: 'auth' }), walkOnPublishedPorts))

  test('V18 S2.31 AUTH_SERVICE_SERVICE_HOST=auth, defined by hand', () =>
    withCompose(
      world(),
      withEnv(withoutEnv(material, 'AUTH_ADDRESS'), { AUTH_SERVICE_SERVICE_HOST: 'auth' }),
      walkOnPublishedPorts,
    ))

  test('V19 neither variable: the name auth', () =>
    withCompose(world(), withoutEnv(material, 'AUTH_ADDRESS'), walkOnPublishedPorts))
}

/** The services with more variables for everybody. */
function withEnv(services: Compose, variables: Readonly<Record<string, string>>): Compose {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      { ...service, environment: { ...service.environment, ...variables } },
    ]),
  )
}

function withoutEnv(services: Compose, variable: string): Compose {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const { [variable]: _, ...environment } = service.environment ?? {}
      return [name, { ...service, environment }]
    }),
  )
}

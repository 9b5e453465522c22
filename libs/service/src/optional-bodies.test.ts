import { expect, test } from '@jest/globals'
import { Type } from 'typebox'
import { createService } from './create-service.ts'
import { readServiceSettings } from './settings.ts'

const settings = readServiceSettings('test', { port: 0 }, { LOG_LEVEL: 'silent' }, [])
const schema = { body: Type.Object({ name: Type.Optional(Type.String()) }, { additionalProperties: false }) }

test('a body that may be left out is an empty object, and called optional in the document', async () => {
  const app = createService(settings, { docs: { title: 'Test', description: 'x' } })
  app.register(async (scope) => {
    const config = { optionalBody: true }
    scope.post('/optional/:id', { schema, config }, async ({ body }) => ({ body }))
    scope.post('/needed/:id', { schema }, async ({ body }) => ({ body }))
  })
  const post = (url: string, body?: object) =>
    app.inject({ method: 'POST', url, ...(body !== undefined && { body }) })
  expect((await post('/optional/1')).json()).toEqual({ body: {} })
  expect((await post('/optional/1', { name: 'n' })).json()).toEqual({ body: { name: 'n' } })
  expect((await post('/optional/1', { other: 'n' })).statusCode).toBe(422)
  expect((await post('/needed/1')).statusCode).toBe(422)
  const document = (await app.inject('/openapi.json')).json<{
    readonly paths: Readonly<Record<string, { readonly post: { readonly requestBody: object } }>>
  }>()
  expect(document.paths['/optional/{id}']?.post.requestBody).toMatchObject({ required: false })
  expect(document.paths['/needed/{id}']?.post.requestBody).toMatchObject({ required: true })
  await app.close()
})

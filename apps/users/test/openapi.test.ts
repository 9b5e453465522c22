import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { requestJson, startCourse, type Course } from '@postern/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { openapiViolations } from './openapi-rules.ts'
import { requestFor, type Operation, type Schema } from './random-requests.ts'

// Several processes start here; on a busy machine that takes its time.
jest.setTimeout(90_000)

let course: Course
let token = ''
const ajv = new Ajv2020({ strict: false })

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

beforeAll(async () => {
  course = await startCourse({ demo: false, env: { LOGIN_LIMIT_PER_ADDRESS: '100000' } })
  const body = { email: 'fuzz@test.com', password: 'long enough' }
  await requestJson(`${course.users.url}/signup`, { body })
  const login = await requestJson(`${course.users.url}/login`, { body })
  token = (login.body as { readonly token: string }).token
})
afterAll(() => course.stop())

/** The documented schema of an answer: its own status, or its class (`4xx`). */
function schemaFor({ responses }: Operation, status: number): Schema | undefined {
  const response = responses[String(status)] ?? responses[`${String(status)[0]}XX`]
  return response && (response.content?.['application/json']?.schema ?? {})
}

describe.each(['auth', 'users', 'tasks'] as const)('the OpenAPI document of %s', (name) => {
  test('keeps the rules of OpenAPI 3.1', async () => {
    const document = (await requestJson(`${course[name].url}/openapi.json`)).body
    expect(openapiViolations(document as Readonly<Record<string, unknown>>)).toEqual([])
  })

  test('is OpenAPI 3.1 with schemas that are valid, and describes every answer to random requests', async () => {
    const { url } = course[name]
    const document = (await requestJson(`${url}/openapi.json`)).body as Document
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        path,
        method: method.toUpperCase(),
        operation,
      })),
    )
    expect(operations.length).toBeGreaterThan(3)
    for (const { path, method, operation } of operations) {
      const requests = fc.sample(requestFor(operation), { numRuns: 30, seed: 20_261_120 })
      for (const { query, parameters, body } of requests) {
        const target = path.replaceAll(/\{(\w+)\}/g, (_whole, key: string) =>
          encodeURIComponent(parameters[key] ?? 'x'),
        )
        const reply = await requestJson(`${url}${target}${query}`, {
          method,
          token,
          ...(body !== undefined && { body }),
        })
        const schema = schemaFor(operation, reply.status)
        const what = `${method} ${target}${query} ${JSON.stringify(body)} → ${reply.status} ${JSON.stringify(reply.body)}`
        expect([what, reply.status < 500, schema !== undefined && ajv.validate(schema, reply.body)]).toEqual([
          what,
          true,
          true,
        ])
      }
    }
  })
})

test('a document that breaks the rules is told so', () => {
  const operation = {
    parameters: [{ in: 'path', name: 'other' }],
    security: [{ basic: [] }],
    responses: { ok: {} },
  }
  const paths = { '/a/{id}': { get: operation, fetch: { responses: { 200: { $ref: '#/nowhere' } } } } }
  expect(openapiViolations({ info: { title: 'x' }, paths })).toHaveLength(10)
})

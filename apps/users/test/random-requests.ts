import fc, { type Arbitrary } from 'fast-check'

/** A JSON Schema, as far as our documents use it. */
export type Schema = Readonly<Record<string, unknown>>

/** One operation of an OpenAPI document, as far as requests and answers need it. */
export interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>
  }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

/** A request that may or may not be as the document wants it. */
export interface RandomRequest {
  /** With its question mark, or empty. */
  readonly query: string
  readonly parameters: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Requests for an operation: right ones, ones with wrong fields, and ones with any JSON as their body. */
export function requestFor({ parameters = [], requestBody }: Operation): Arbitrary<RandomRequest> {
  const named = (where: string) =>
    Object.fromEntries(
      parameters.filter((one) => one.in === where).map(({ name, schema }) => [name, mixed(schema)]),
    )
  const schema = requestBody?.content['application/json']?.schema
  return fc.record({
    query: fc.record(named('query'), { requiredKeys: [] }).map(toQuery),
    parameters: fc.record(named('path')).map((values) => mapValues(values, String)),
    body: schema === undefined ? fc.constant(undefined) : maybe(mixed(schema), requestBody?.required),
  })
}

/** A body that is not required is left out now and then. */
function maybe(body: Arbitrary<unknown>, required = false): Arbitrary<unknown> {
  return required ? body : fc.oneof(body, fc.constant(undefined))
}

function mixed(schema: Schema): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 3, arbitrary: valid(schema) },
    { weight: 2, arbitrary: damaged(schema) },
    fc.jsonValue(),
  )
}

function valid(schema: Schema): Arbitrary<unknown> {
  if (Array.isArray(schema['anyOf'])) return fc.oneof(...schema['anyOf'].map((one) => valid(one as Schema)))
  if ('const' in schema) return fc.constant(schema['const'])
  switch (schema['type']) {
    case 'object':
      return fc.record(mapValues(propertiesOf(schema), valid))
    case 'integer':
      return fc.integer({ min: Number(schema['minimum'] ?? 0), max: Number(schema['maximum'] ?? 1000) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.oneof(
        fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
        fc.constant('0'.repeat(26)),
      )
  }
}

function damaged(schema: Schema): Arbitrary<unknown> {
  const properties = propertiesOf(schema)
  if (Object.keys(properties).length === 0) return fc.oneof(fc.string({ maxLength: 500 }), fc.jsonValue())
  return fc.record(
    mapValues(properties, (one) => fc.oneof(valid(one), fc.jsonValue())),
    { requiredKeys: [] },
  )
}

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>
}

function toQuery(values: Readonly<Record<string, unknown>>): string {
  const text = new URLSearchParams(mapValues(values, String)).toString()
  return text === '' ? '' : `?${text}`
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}

/** Whatever JSON the document holds. */
type Json = Readonly<Record<string, unknown>>

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
const PLACES = ['query', 'header', 'path', 'cookie']

/** What an OpenAPI document does that version 3.1 forbids and a schema validator alone would not see; empty when it keeps the rules. */
export function openapiViolations(document: Json): readonly string[] {
  const paths = Object.entries(objectOf(document['paths']))
  const operations = paths.flatMap(([path, item]) =>
    Object.entries(objectOf(item)).map(([method, operation]) => ({
      path,
      method,
      operation: objectOf(operation),
    })),
  )
  return [
    ...['title', 'version']
      .filter((name) => typeof objectOf(document['info'])[name] !== 'string')
      .map((name) => `§4.8.2 info has no ${name}`),
    ...paths
      .filter(([path]) => !path.startsWith('/'))
      .map(([path]) => `§4.8.8 ${path} begins without a slash`),
    ...operations.flatMap(({ path, method, operation }) =>
      operationViolations(document, path, method, operation).map((what) => `${method} ${path}: ${what}`),
    ),
    ...deadReferences(document, document),
  ]
}

function operationViolations(
  document: Json,
  path: string,
  method: string,
  operation: Json,
): readonly string[] {
  const parameters = listOf(operation['parameters']).map(objectOf)
  const declared = parameters.filter((one) => one['in'] === 'path').map((one) => String(one['name']))
  const wanted = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
  const keys = parameters.map((one) => `${String(one['in'])}:${String(one['name'])}`)
  const responses = Object.entries(objectOf(operation['responses']))
  const schemes = objectOf(objectOf(document['components'])['securitySchemes'])
  const used = listOf(operation['security']).flatMap((one) => Object.keys(objectOf(one)))
  return [
    ...(METHODS.includes(method) ? [] : ['§4.8.9 no method of OpenAPI']),
    ...(sameNames(declared, wanted)
      ? []
      : [`§4.8.12 declares {${String(declared)}}, the path has {${String(wanted)}}`]),
    ...parameters
      .filter((one) => !PLACES.includes(String(one['in'])))
      .map(() => '§4.8.12.2 a parameter is nowhere'),
    ...parameters
      .filter((one) => one['in'] === 'path' && one['required'] !== true)
      .map((one) => `§4.8.12.2 the path parameter ${String(one['name'])} is not required`),
    ...(new Set(keys).size === keys.length ? [] : ['§4.8.10 a parameter is there twice']),
    ...(responses.length > 0 ? [] : ['§4.8.16 no response']),
    ...responses
      .filter(([status]) => !/^(?:[1-5]\d\d|[1-5]XX|default)$/.test(status))
      .map(([status]) => `§4.8.16 the status ${status}`),
    ...responses
      .filter(([, response]) => typeof objectOf(response)['description'] !== 'string')
      .map(([status]) => `§4.8.17 the response ${status} has no description`),
    ...used.filter((name) => !(name in schemes)).map((name) => `§4.8.30 no security scheme ${name}`),
  ]
}

/** §4.8.23: every `$ref` within the document leads somewhere. */
function deadReferences(document: Json, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => deadReferences(document, one))
  if (typeof value !== 'object' || value === null) return []
  const reference = objectOf(value)['$ref']
  const dead = typeof reference === 'string' && !leadsSomewhere(document, reference)
  return [
    ...(dead ? [`§4.8.23 ${reference} leads nowhere`] : []),
    ...Object.values(value).flatMap((one) => deadReferences(document, one)),
  ]
}

function leadsSomewhere(document: Json, reference: string): boolean {
  const steps = reference.replace(/^#\//, '').split('/')
  return steps.reduce<unknown>((at, step) => objectOf(at)[step], document) !== undefined
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join()
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

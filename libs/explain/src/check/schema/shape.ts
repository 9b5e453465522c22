import { KUBERNETES_SHAPES } from './kubernetes-shapes.ts'

/** The type of a field, as the API server's decoder asks for it. */
export type FieldType =
  | { readonly kind: 'any' | 'string' | 'number' | 'boolean' }
  /** A number or a string: ports, quantities. */
  | { readonly kind: 'scalar' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list' | 'map'; readonly of: FieldType }
  | { readonly kind: 'object'; readonly name: string }

export interface Field {
  readonly type: FieldType
  readonly required: boolean
}

/** Fields by name. */
export type Shape = ReadonlyMap<string, Field>

let lines: ReadonlyMap<string, string> | undefined
const shapes = new Map<string, Shape>()

/** The shape of a kind (`apps/v1/Deployment`) or of a part of one (`v1/Container`); undefined for kinds of other people. */
export function shapeOf(name: string): Shape | undefined {
  lines ??= new Map(KUBERNETES_SHAPES.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line]))
  const known = shapes.get(name)
  const line = lines.get(name)
  if (known !== undefined || line === undefined) return known
  const shape = new Map(line.split(' ').slice(1).map(parseField))
  shapes.set(name, shape)
  return shape
}

function parseField(text: string): readonly [string, Field] {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  const required = name.endsWith('!')
  return [required ? name.slice(0, -1) : name, { type: parseType(text.slice(colon + 1)), required }]
}

function parseType(word: string): FieldType {
  if (word.startsWith('[]')) return { kind: 'list', of: parseType(word.slice(2)) }
  if (word.startsWith('{}')) return { kind: 'map', of: parseType(word.slice(2)) }
  if (word.startsWith('=')) return { kind: 'enum', values: word.slice(1).split('|') }
  switch (word) {
    case 'any':
    case 'string':
    case 'number':
    case 'boolean':
    case 'scalar':
      return { kind: word }
    default:
      return { kind: 'object', name: word }
  }
}

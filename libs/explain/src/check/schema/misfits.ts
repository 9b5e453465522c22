import { didYouMean, type FieldPath, type Note } from '@postern/control-plane'
import { shapeOf, type FieldType } from './shape.ts'

/** Something in an object that the API server would refuse or drop. */
export interface Misfit {
  readonly path: FieldPath
  readonly note: Note
}

/** What of a value does not fit its type. `null` is absent, as in the API server's decoder. */
export function misfits(value: unknown, type: FieldType, path: FieldPath = []): readonly Misfit[] {
  if (value === null || value === undefined) return []
  switch (type.kind) {
    case 'any':
      return []
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type.kind ? [] : [wrongType(value, type.kind, path)]
    case 'scalar':
      return typeof value === 'string' || typeof value === 'number'
        ? []
        : [wrongType(value, 'number or string', path)]
    case 'enum':
      return enumMisfits(value, type.values, path)
    case 'list':
      if (!Array.isArray(value)) return [wrongType(value, 'list', path)]
      return value.flatMap((item, index) => misfits(item, type.of, [...path, index]))
    case 'map':
      if (!isObject(value)) return [wrongType(value, 'object', path)]
      return Object.entries(value).flatMap(([key, item]) => misfits(item, type.of, [...path, key]))
    case 'object':
      return isObject(value) ? objectMisfits(value, type.name, path) : [wrongType(value, 'object', path)]
  }
}

function objectMisfits(
  value: Readonly<Record<string, unknown>>,
  name: string,
  path: FieldPath,
): readonly Misfit[] {
  const shape = shapeOf(name)
  if (shape === undefined) return []
  const known = [...shape.keys()]
  // Directives of a strategic merge patch: $patch, $setElementOrder/…
  const unknown = Object.keys(value).filter((key) => !shape.has(key) && !key.startsWith('$'))
  const meant = unknown.map((key) => didYouMean(key, known))
  const own = [...shape].flatMap(([key, { type, required }]): readonly Misfit[] => {
    const item = value[key]
    if (item !== undefined && item !== null) return misfits(item, type, [...path, key])
    // A slip of the pen is told once, where it stands.
    if (!required || meant.includes(key)) return []
    return [{ path: [...path, key], note: { code: 'missing-field', message: 'is missing' } }]
  })
  const misspelt = unknown.map((key, index) =>
    unknownField(meant[index], Object.hasOwn(value, meant[index] ?? ''), known, [...path, key]),
  )
  return [...own, ...misspelt]
}

function unknownField(
  near: string | undefined,
  isThere: boolean,
  known: readonly string[],
  path: FieldPath,
): Misfit {
  const fix =
    near === undefined
      ? `fields here are ${known.join(', ')}`
      : isThere
        ? `${near} stands here already: take this out`
        : `did you mean ${near}?`
  const message = 'the API has no such field, so it says nothing'
  return { path, note: { severity: 'warning', code: 'unknown-field', message, fix } }
}

function enumMisfits(value: unknown, values: readonly string[], path: FieldPath): readonly Misfit[] {
  if (typeof value !== 'string') return [wrongType(value, 'string', path)]
  if (values.includes(value)) return []
  const fix = `write one of ${values.join(', ')}`
  return [{ path, note: { code: 'invalid-field', message: `${JSON.stringify(value)} does not exist`, fix } }]
}

function wrongType(value: unknown, expected: string, path: FieldPath): Misfit {
  const message = `is ${describe(value)}, expected ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`
  const isScalar = typeof value === 'number' || typeof value === 'boolean'
  const number = typeof value === 'string' && /^-?\d+$/.test(value) && expected === 'number'
  const fix =
    expected === 'string' && isScalar
      ? `put it in quotes: '${String(value)}'`
      : number
        ? `write it without quotes: ${value}`
        : undefined
  return { path, note: { code: 'invalid-field', message, ...(fix !== undefined && { fix }) } }
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value)}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

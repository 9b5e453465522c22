import type { FastifySchemaValidationError } from 'fastify'
import type { FieldError } from './http-problem.ts'

const MOST_SHOWN = 20
const PART_NAMES: Readonly<Record<string, string>> = { querystring: 'query' }

/** Writes a validator's findings as fields: one entry for each missing property, `body.email` instead of a JSON pointer. */
export function fieldErrors(
  findings: readonly FastifySchemaValidationError[],
  part: string,
): readonly FieldError[] {
  const root = PART_NAMES[part] ?? part
  return findings.flatMap((finding) => errorsOf(finding, root)).slice(0, MOST_SHOWN)
}

function errorsOf(finding: FastifySchemaValidationError, root: string): readonly FieldError[] {
  const field = [root, ...finding.instancePath.split('/').slice(1).map(unescapePointer)].join('.')
  const missing = finding.params['requiredProperties']
  if (!Array.isArray(missing)) return [{ field, message: finding.message ?? 'cannot be used' }]
  return missing.map((name) => ({ field: `${field}.${String(name)}`, message: 'is missing' }))
}

/** RFC 6901 §4. */
function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

import { formatField, parseYaml, type Diagnostic } from '@postern/control-plane'
import type { World } from '../world/read-world.ts'

/** One text for another, on one line of a file. */
export interface Edit {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly from: string
  readonly to: string
  /** `from` is the name of a field, and is left alone where it is a value. */
  readonly isKey?: boolean
}

/**
 * The edits that cannot make matters worse: slips of the pen in names that say nothing as they are, capitals in hosts,
 * missing quotes, and the path type of a path that no other type allows.
 */
export function safeEdits(findings: readonly Diagnostic[], world: World): readonly Edit[] {
  return findings.flatMap((finding) => {
    const edit = editFor(finding, world)
    return edit === undefined ? [] : [edit]
  })
}

function editFor(finding: Diagnostic, world: World): Edit | undefined {
  const { code, file, line, fix = '', field = '' } = finding
  if (file === undefined || file === '-' || line === undefined) return undefined
  const key = /(?:\["(.+)"\]|\.?([\w-]+))$/.exec(field)
  const name = key?.[1] ?? key?.[2] ?? ''
  switch (code) {
    case 'annotation-unknown':
    case 'unknown-field':
    case 'annotation-prefix': {
      const near = /^(?:did you mean|here it is) ([\w./-]+?)\??$/.exec(fix)?.[1]
      if (near === undefined || name === '') return undefined
      const prefix = code === 'annotation-unknown' ? name.slice(0, name.indexOf('/') + 1) : ''
      return { file, line, from: name, to: prefix + near, isKey: true }
    }
    case 'invalid-field':
      return invalidField(finding, name, file, line)
    case 'path-characters':
      return pathType(finding, world, file)
    default:
      return undefined
  }
}

function invalidField(
  { message, fix = '' }: Diagnostic,
  name: string,
  file: string,
  line: number,
): Edit | undefined {
  const lower = /^"(\S+)" has capital letters/.exec(message)?.[1]
  if (lower !== undefined) return { file, line, from: lower, to: lower.toLowerCase() }
  const bare = /^put it in quotes: '([^']+)'$/.exec(fix)?.[1]
  if (bare !== undefined) return { file, line, from: `${name}: ${bare}`, to: `${name}: '${bare}'` }
  return undefined
}

function pathType({ field, object }: Diagnostic, { objects }: World, file: string): Edit | undefined {
  const ingress = objects.ingresses.get(`${object?.namespace ?? ''}/${object?.name ?? ''}`)
  const paths = ingress?.rules.flatMap((rule) => rule.paths ?? [])
  const path = paths?.find((one) => formatField([...one.field, 'path']) === field)
  const at = path && ingress?.manifest.at?.([...path.field, 'pathType'])
  if (path === undefined || at === undefined) return undefined
  return { file, line: at.line, from: `pathType: ${path.type}`, to: 'pathType: ImplementationSpecific' }
}

export interface Edited {
  readonly text: string
  /** The edits that were made. */
  readonly applied: readonly Edit[]
}

/**
 * The text with its edits. One whose text is not on its line is left out, and so is one that would break the file: what
 * was meant may stand there already.
 */
export function applyEdits(text: string, edits: readonly Edit[]): Edited {
  let now = text
  const applied: Edit[] = []
  for (const edit of edits) {
    const next = applyEdit(now, edit)
    if (next === now || isBroken(next, edit.file)) continue
    now = next
    applied.push(edit)
  }
  return { text: now, applied }
}

function applyEdit(text: string, { line, from, to, isKey }: Edit): string {
  const lines = text.split('\n')
  const old = lines[line - 1]
  if (old === undefined) return text
  const word = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const behind = isKey === true ? '(?=["\']?:)' : '(?![\\w/-])'
  const place = new RegExp(`(?<![\\w./-])${word}${behind}`)
  return lines
    .with(
      line - 1,
      old.replace(place, () => to),
    )
    .join('\n')
}

function isBroken(text: string, file: string): boolean {
  return parseYaml(text, file).diagnostics.some(({ severity }) => severity === 'error')
}

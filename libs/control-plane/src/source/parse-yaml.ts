import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml'
import type { Diagnostic, Judged } from '../diagnostic.ts'
import type { FieldPath, Manifest, Position } from '../manifest.ts'
import { isKustomizationFile } from '../parse/kustomization.ts'
import { readPlainYaml, type YamlDocument } from './plain-yaml.ts'

/**
 * The objects of one file: YAML or JSON, several documents, `kind: List` unfolded. Whatever has no `kind` is no object
 * and is passed over, but for a kustomization, which need not have one. A file with a syntax error gives no objects at
 * all: half a file is nobody's intention.
 */
export function parseYaml(text: string, file: string): Judged<readonly Manifest[]> {
  const plain = readPlainYaml(text)
  return plain === undefined ? parseAnyYaml(text, file) : { value: manifestsOf(plain, file), diagnostics: [] }
}

/** The same by a reader of all of YAML, which takes ten times as long. */
export function parseAnyYaml(text: string, file: string): Judged<readonly Manifest[]> {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  if (!Array.isArray(documents)) return { value: [], diagnostics: [] }
  // The first one: what follows it is mostly its echo.
  const error = documents.flatMap((document) => document.errors)[0]
  if (error !== undefined) return { value: [], diagnostics: [syntaxDiagnostic(error, text, file, lines)] }

  const read: YamlDocument[] = []
  for (const document of documents) {
    const content = toPlain(document)
    if (typeof content === 'string')
      return { value: [], diagnostics: [aliasDiagnostic(content, document, file, lines)] }
    read.push({ value: content.value, at: (path) => locate(document, path, lines) })
  }
  return { value: manifestsOf(read, file), diagnostics: [] }
}

function manifestsOf(documents: readonly YamlDocument[], file: string): readonly Manifest[] {
  const manifests: Manifest[] = []
  for (const { value, at } of documents) {
    const found = (object: Record<string, unknown>, base: FieldPath): void => {
      manifests.push({ content: object, file, at: (path) => at([...base, ...path]) })
    }
    if (isKustomizationFile(file) && isObject(value)) found(value, [])
    else collect(value, [], found)
  }
  return manifests
}

/** The value, or a sentence why it has none: aliases that would grow without end (a "billion laughs"). */
function toPlain(document: Document): { readonly value: unknown } | string {
  try {
    return { value: document.toJS({ maxAliasCount: 10_000 }) as unknown }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function collect(
  value: unknown,
  base: FieldPath,
  found: (object: Record<string, unknown>, base: FieldPath) => void,
): void {
  if (!isObject(value)) return
  const { kind, items } = value
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)) {
    items.forEach((item, index) => collect(item, [...base, 'items', index], found))
  } else if ('kind' in value) found(value, base)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function locate(document: Document, path: FieldPath, lines: LineCounter): Position {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document)
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined
    const next: unknown =
      pair ?? (isCollection(node) && typeof key === 'number' ? node.items[key] : undefined)
    if (next === undefined) break
    offset = startOf(isPair(next) ? next.key : next) ?? offset
    node = isPair(next) ? next.value : next
    if (isScalar(node)) offset = startOf(node) ?? offset
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}

function syntaxDiagnostic(error: YAMLError, text: string, file: string, lines: LineCounter): Diagnostic {
  const { line, col } = lines.linePos(error.pos[0])
  // An action of Go's text/template, as `{{- if .Values.tls }}`.
  const template = /\{\{-?\s*[\w."$/(]/.test(text)
  return {
    severity: 'error',
    code: 'yaml-syntax',
    message: `this is not YAML: ${error.message}`,
    fix: template
      ? 'this looks like a Helm template: render it first (helm template CHART | postern check -)'
      : 'correct the file; until then its last good objects stay in force',
    file,
    line,
    column: col,
  }
}

function aliasDiagnostic(
  reason: string,
  document: Document.Parsed,
  file: string,
  lines: LineCounter,
): Diagnostic {
  const lonely = lonelyAlias(document)
  const { line, col } = lines.linePos(startOf(lonely) ?? 0)
  return {
    severity: 'error',
    code: 'yaml-aliases',
    message:
      lonely === undefined
        ? `this file cannot be read: ${reason}`
        : `this file cannot be read: *${lonely.source} stands for nothing`,
    fix:
      lonely === undefined
        ? 'use fewer aliases'
        : `write &${lonely.source} before the value that is meant, above it in the same document`,
    file,
    line,
    column: col,
  }
}

/** The first alias whose anchor does not stand before it. */
function lonelyAlias(document: Document.Parsed): Alias | undefined {
  let lonely: Alias | undefined
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined
      lonely = alias
      return visit.BREAK
    },
  })
  return lonely
}

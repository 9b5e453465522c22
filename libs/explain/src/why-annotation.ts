import type { Diagnostic } from '@postern/control-plane'
import type { ObjectRef } from '@postern/routing-table'
import { nameOf, placeOf, type Finding } from './explanation.ts'
import type { Subject } from './subject.ts'

/** An annotation that closes all paths of the Ingress, rather than leave them unguarded. */
export function whyDenied(ingress: ObjectRef, subject: Subject): readonly Finding[] {
  return about(ingress, subject, DENYING, 'denied')
}

/** A key that does not exist: what its author wanted does not happen, and nothing else says so. */
export function misspelt(ingress: ObjectRef, subject: Subject): readonly Finding[] {
  return about(ingress, subject, UNKNOWN, 'annotation-unknown')
}

/** Annotations that are not in force, or not yet: the request ends as if they were not there. */
export function notInForce(ingress: ObjectRef, subject: Subject): readonly Finding[] {
  return about(ingress, subject, IDLE, 'annotation-idle')
}

/** Somebody has set it already, and there is a finding about why that does not hold. */
export function isToldOf(key: string, ingress: ObjectRef, subject: Subject): boolean {
  return notInForce(ingress, subject).some(({ sentence }) => sentence.startsWith(`Annotation ${key} `))
}

const DENYING = ['annotation-denies', 'snippet-denies']
const UNKNOWN = ['annotation-unknown']
const IDLE = [
  'annotation-idle',
  'cookie-path-is-regex',
  'annotation-value',
  'annotation-retired',
  'ssl-passthrough-off',
  'ssl-passthrough-host',
  'ssl-passthrough-conflict',
  'snippet-ignored',
  'grpc-not-yet',
]

function about(
  ingress: ObjectRef,
  { compiled }: Subject,
  codes: readonly string[],
  code: string,
): readonly Finding[] {
  if (ingress.kind !== 'Ingress') return []
  return compiled.diagnostics.flatMap((one) => {
    if (!codes.includes(one.code) || one.object === undefined || nameOf(one.object) !== nameOf(ingress))
      return []
    return [{ code, sentence: sentenceOf(one, nameOf(ingress)), ...placeOf({ ...ingress, ...placeIn(one) }) }]
  })
}

function sentenceOf({ field, message, fix }: Diagnostic, name: string): string {
  const key = /\["(?:nginx\.ingress\.kubernetes\.io\/)?([^"]+)"\]$/.exec(field ?? '')?.[1] ?? 'an annotation'
  const end = fix === undefined ? '.' : ` — ${fix}${fix.endsWith('?') ? '' : '.'}`
  return `Annotation ${key} of ${name}: ${message}${end}`
}

function placeIn({ file, line }: Diagnostic): Pick<Diagnostic, 'file' | 'line'> {
  return { ...(file && { file }), ...(line && { line }) }
}

import { dirname, join } from 'node:path'
import type { Diagnostic } from '@postern/control-plane'
import type { ObjectRef } from '@postern/routing-table'
import { nameOf, type Finding } from './explanation.ts'
import type { Subject } from './subject.ts'

/** No rule fits, and some might be made by a kustomization that nobody has carried out. */
export function whyNotBuilt(subject: Subject): readonly Finding[] {
  const [first] = unapplied(subject)
  return first === undefined
    ? []
    : [finding(first, `The kustomization of ${dirname(first.file ?? '')} is not carried out`)]
}

/** A rule fits as it is written, and a kustomization builds on its file: what it makes of it may be answered otherwise. */
export function whyOtherwiseBuilt(origin: ObjectRef, subject: Subject): readonly Finding[] {
  const found = unapplied(subject).find((one) => buildsOn(one, origin.file ?? '', subject))
  if (found === undefined) return []
  const what = `${origin.kind} ${nameOf(origin)} counts as it is written, without the kustomization of ${dirname(found.file ?? '')}`
  return [finding(found, what)]
}

function unapplied({ compiled }: Subject): readonly Diagnostic[] {
  return compiled.diagnostics.filter(({ code }) => code === 'kustomization-not-applied')
}

function buildsOn({ file = '' }: Diagnostic, origin: string, { world }: Subject): boolean {
  const { resources } = world.manifests.find((one) => one.file === file)?.content ?? {}
  return (Array.isArray(resources) ? (resources as unknown[]) : []).some((path) => {
    const place = join(dirname(file), String(path))
    return origin === place || origin.startsWith(`${place}/`)
  })
}

function finding({ code, file = '', line, message }: Diagnostic, what: string): Finding {
  const sentence = `${what} (${message}): ask what it makes, with kustomize build ${dirname(file)} | postern explain … --manifests -.`
  return { code, sentence, ...(line !== undefined && { place: `${file}:${String(line)}` }) }
}

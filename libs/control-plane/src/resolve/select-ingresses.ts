import type { Diagnostic } from '../diagnostic.ts'
import { compareText } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { IngressClass } from '../parse/ingress-class.ts'
import { noteAt } from '../parse/notes.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { IngressVerdict } from '../provenance.ts'
import type { CompileSettings } from '../settings.ts'

const LEGACY_CLASS = 'kubernetes.io/ingress.class'

export interface Selection {
  /** Ours, oldest first. */
  readonly ingresses: readonly Ingress[]
  readonly verdicts: readonly IngressVerdict[]
  readonly diagnostics: readonly Diagnostic[]
}

type Choice = {
  readonly served: boolean
  readonly reason: string
  readonly note?: { severity: 'warning' | 'info'; field: (string | number)[]; fix: string }
}

/**
 * Which Ingresses are ours. In ingress-nginx's order: `spec.ingressClassName`, then the annotation
 * `kubernetes.io/ingress.class`, then only with --watch-ingress-without-class. A default class, which the API server
 * would write into the object when it is created, is applied first.
 */
export function selectIngresses(objects: Objects, settings: CompileSettings): Selection {
  const classes = objects.classes
  const defaults = [...classes.values()]
    .filter((c) => c.isDefault)
    .sort((a, b) => compareText(a.name, b.name))
  const ingresses: Ingress[] = []
  const verdicts: IngressVerdict[] = []
  const diagnostics: Diagnostic[] = defaults
    .slice(1)
    .map((extra) => secondDefault(extra, defaults[0] ?? extra))
  for (const ingress of objects.ingresses.values()) {
    const { served, reason, note } = choose(ingress, classes, defaults[0], settings)
    if (served) ingresses.push(ingress)
    verdicts.push({ ingress: ingress.ref, served, reason })
    if (note) {
      diagnostics.push(
        noteAt(ingress.manifest, ingress.ref, note.field, {
          severity: note.severity,
          code: 'ingress-not-ours',
          message: reason,
          fix: note.fix,
        }),
      )
    }
  }
  return { ingresses: ingresses.sort(olderFirst), verdicts, diagnostics }
}

function choose(
  ingress: Ingress,
  classes: ReadonlyMap<string, IngressClass>,
  standard: IngressClass | undefined,
  settings: CompileSettings,
): Choice {
  if (ingress.className !== undefined) return byName(ingress.className, classes, settings)
  const legacy = ingress.annotations.get(LEGACY_CLASS)
  if (legacy !== undefined) return byAnnotation(legacy, settings)
  if (standard !== undefined) {
    const choice = byName(standard.name, classes, settings)
    return { ...choice, reason: `${choice.reason} (the default class)` }
  }
  if (settings.watchIngressWithoutClass)
    return { served: true, reason: 'it names no class, and --watch-ingress-without-class is given' }
  const fix = `write ingressClassName: ${settings.ingressClasses[0] ?? 'nginx'}, or start with --watch-ingress-without-class`
  return {
    served: false,
    reason: 'it names no class, so it is not served',
    note: { severity: 'warning', field: ['spec'], fix },
  }
}

function byName(name: string, classes: ReadonlyMap<string, IngressClass>, settings: CompileSettings): Choice {
  const found = classes.get(name)
  const field = ['spec', 'ingressClassName']
  if (found === undefined) {
    // The cluster has the IngressClass; a folder of manifests often does not.
    if (settings.ingressClasses.includes(name)) return { served: true, reason: `class ${name} is ours` }
    const fix = `add an IngressClass ${name} with controller ${settings.controllerClass}, or start with --ingress-class ${name}`
    return {
      served: false,
      reason: `class ${name} is not ours, so it is not served`,
      note: { severity: 'info', field, fix },
    }
  }
  if (found.controller === settings.controllerClass) return { served: true, reason: `class ${name} is ours` }
  const reason = `class ${name} is of the controller ${found.controller}, so it is not served here`
  return {
    served: false,
    reason,
    note: { severity: 'info', field, fix: `--controller-class ${found.controller} would serve it` },
  }
}

function byAnnotation(name: string, settings: CompileSettings): Choice {
  if (name === '' || settings.ingressClasses.includes(name))
    return { served: true, reason: `class ${name} (by annotation) is ours` }
  const fix = `start with --ingress-class ${name} to serve it`
  const reason = `class ${name} (by annotation) is not ours, so it is not served`
  return {
    served: false,
    reason,
    note: { severity: 'info', field: ['metadata', 'annotations', LEGACY_CLASS], fix },
  }
}

/**
 * Oldest first; in a tie the name that comes last in the alphabet, as ingress-nginx has it. Files have no creation time, so
 * among files every pair is a tie. An object without the time is older than any with it (Go's zero time).
 */
export function olderFirst(a: Ingress, b: Ingress): number {
  return (
    compareText(a.createdAt ?? '', b.createdAt ?? '') ||
    compareText(`${b.namespace}/${b.name}`, `${a.namespace}/${a.name}`)
  )
}

function secondDefault(extra: IngressClass, first: IngressClass): Diagnostic {
  return noteAt(extra.manifest, extra.ref, ['metadata', 'annotations'], {
    severity: 'warning',
    code: 'default-class-twice',
    message: `${first.name} is a default class too, and is taken; in a cluster the newer one is`,
    fix: 'keep one default class',
  })
}

import type { Diagnostic } from '../diagnostic.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Ingress } from '../parse/ingress.ts'
import { noteAt, type Note } from '../parse/notes.ts'
import { ALL_FEATURES, PREFIX, type IngressAnnotations } from './features.ts'
import type { Feature, Key, Keys } from './feature.ts'
import { RETIRED_KEYS } from './retired-keys.ts'
import { Refusal } from './value.ts'

/** Texts of the global ConfigMap that stand in for annotations an Ingress does not have; already known to be good. */
export type GlobalDefaults = ReadonlyMap<string, string>

export interface AnnotationReading {
  readonly settings: IngressAnnotations
  /** Every path of the Ingress answers 503, because a value that guards it cannot be understood. */
  readonly denied?: string
  readonly diagnostics: readonly Diagnostic[]
}

/** Every key that is known, with the feature that owns it. */
export const KNOWN_KEYS: ReadonlyMap<string, Key<unknown>> = new Map(
  ALL_FEATURES.flatMap(([, feature]) => Object.entries(feature.keys)),
)

/** What the annotations of an Ingress mean. A bad value falls back to its default, or denies the paths: the key decides. */
export function readAnnotations(ingress: Ingress, globals: GlobalDefaults): AnnotationReading {
  const texts = new Map<string, string>()
  const findings = new Findings(ingress)
  for (const [name, value] of ingress.annotations) {
    if (!name.startsWith(PREFIX)) noteOtherPrefix(name, findings)
    else if (KNOWN_KEYS.has(name.slice(PREFIX.length))) texts.set(name.slice(PREFIX.length), value)
    else noteUnknown(name.slice(PREFIX.length), findings)
  }
  const settings: Record<string, unknown> = {}
  for (const [name, feature] of ALL_FEATURES) settings[name] = readFeature(feature, texts, globals, findings)
  return {
    settings: settings as IngressAnnotations,
    ...(findings.denied !== undefined && { denied: findings.denied }),
    diagnostics: findings.diagnostics,
  }
}

const untouched = new WeakMap<Feature<Keys>, WeakMap<GlobalDefaults, unknown>>()

function readFeature(
  feature: Feature<Keys>,
  texts: ReadonlyMap<string, string>,
  globals: GlobalDefaults,
  findings: Findings,
): unknown {
  const names = Object.keys(feature.keys)
  if (names.some((name) => texts.has(name))) return readValues(feature, texts, globals, findings)
  // Most Ingresses do not speak of most features: what the defaults mean is worked out once.
  let known = untouched.get(feature)
  if (known === undefined) untouched.set(feature, (known = new WeakMap()))
  if (!known.has(globals)) known.set(globals, readValues(feature, texts, globals, findings))
  return known.get(globals)
}

function readValues(
  feature: Feature<Keys>,
  texts: ReadonlyMap<string, string>,
  globals: GlobalDefaults,
  findings: Findings,
): unknown {
  const values: Record<string, unknown> = {}
  for (const [name, key] of Object.entries(feature.keys))
    values[name] = readKey(name, key, texts.get(name), globals, findings)
  noteIdle(feature, values, texts, findings)
  const result = feature.read(values)
  if (!(result instanceof Refusal)) return result
  const culprit = Object.keys(feature.keys).find((name) => texts.has(name)) ?? ''
  findings.deny(culprit, result.problem)
  return feature.read(defaultsOf(feature))
}

/** Somebody asked for a password and forgot to switch asking on: silence would be the worst answer. */
function noteIdle(
  feature: Feature<Keys>,
  values: Readonly<Record<string, unknown>>,
  texts: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const { key, exempt = [] } = feature.switch ?? {}
  if (key === undefined || (values[key] !== undefined && values[key] !== false)) return
  for (const name of Object.keys(feature.keys)) {
    if (name === key || exempt.includes(name) || !texts.has(name)) continue
    const code = 'annotation-idle'
    findings.add(PREFIX + name, {
      severity: 'warning',
      code,
      message: `says nothing without ${key}`,
      fix: `add ${key}, or remove it`,
    })
  }
}

function readKey(
  name: string,
  key: Key<unknown>,
  text: string | undefined,
  globals: GlobalDefaults,
  findings: Findings,
): unknown {
  const fallback = (): unknown => {
    const global = key.global === undefined ? undefined : globals.get(key.global)
    const value = global === undefined ? key.default : key.parse(global)
    return value instanceof Refusal ? key.default : value
  }
  if (text === undefined) return fallback()
  // An empty value is no value, unless it stands where a guard was meant.
  if (text === '' && key.default === undefined && key.bad === 'default') return undefined
  const value = key.parse(text)
  if (value instanceof Refusal) {
    const problem = `${JSON.stringify(text.slice(0, 200))} is not in force: ${value.problem}`
    if (key.bad === 'deny') findings.deny(name, problem)
    else findings.ignore(name, problem, insteadOf(key))
    return key.fallback ?? fallback()
  }
  findings.remark(name, key, text)
  return value
}

function insteadOf(key: Key<unknown>): string {
  if (key.fallback !== undefined) return `it counts as ${String(key.fallback) || 'none'}`
  const text = key.defaultText ?? (key.default === undefined ? undefined : String(key.default))
  return text === undefined ? 'it counts as not set' : `the default holds: ${text}`
}

function defaultsOf(feature: Feature<Keys>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(feature.keys).map(([name, key]) => [name, key.default]))
}

class Findings {
  readonly diagnostics: Diagnostic[] = []
  denied: string | undefined
  readonly #ingress: Ingress

  constructor(ingress: Ingress) {
    this.#ingress = ingress
  }

  add(name: string, note: Note): void {
    this.diagnostics.push(
      noteAt(this.#ingress.manifest, this.#ingress.ref, ['metadata', 'annotations', name], note),
    )
  }

  deny(key: string, problem: string): void {
    this.denied ??= `annotation ${key} cannot be understood`
    this.add(PREFIX + key, {
      code: 'annotation-denies',
      message: `${problem}; it guards the paths of this Ingress, so they all answer 503`,
      fix: 'correct the value',
    })
  }

  ignore(key: string, problem: string, instead: string): void {
    this.add(PREFIX + key, {
      code: 'annotation-value',
      message: `${problem}; ${instead}`,
      fix: 'correct the value',
    })
  }

  /** What a good value does not do. */
  remark(key: string, { verdict, default: fallback }: Key<unknown>, text: string): void {
    if (verdict.kind === 'no-op') {
      this.add(PREFIX + key, {
        severity: 'info',
        code: 'annotation-no-op',
        message: `accepted without effect: ${verdict.because}`,
      })
    } else if (verdict.kind === 'not-yet' && text !== String(fallback)) {
      this.add(PREFIX + key, {
        severity: 'warning',
        code: 'annotation-not-yet',
        message: `not supported yet: ${verdict.because}`,
      })
    }
  }
}

function noteUnknown(key: string, findings: Findings): void {
  const retired = RETIRED_KEYS.find(({ pattern }) => pattern.test(key))
  if (retired !== undefined) {
    findings.add(PREFIX + key, {
      severity: 'warning',
      code: 'annotation-retired',
      message: `says nothing: ${retired.because}`,
      fix: retired.fix,
    })
    return
  }
  const near = didYouMean(key, KNOWN_KEYS.keys())
  findings.add(PREFIX + key, {
    severity: 'warning',
    code: 'annotation-unknown',
    message: 'there is no such annotation, so it says nothing (ingress-nginx ignores it silently)',
    fix: near === undefined ? 'remove it; docs/annotations.md lists all names' : `did you mean ${near}?`,
  })
}

// nginx.org/… is the other NGINX controller's; a forgotten or misspelt prefix is the commonest slip of all.
function noteOtherPrefix(name: string, findings: Findings): void {
  const [prefix = '', key = ''] = name.includes('/') ? name.split('/', 2) : ['', name]
  const ours = PREFIX.slice(0, -1)
  const isOther = prefix === 'nginx.org' || prefix === 'nginx.com'
  const slip =
    !isOther &&
    prefix !== ours &&
    (prefix === '' || didYouMean(prefix, [ours]) !== undefined) &&
    KNOWN_KEYS.has(key)
  if (slip) {
    findings.add(name, {
      severity: 'warning',
      code: 'annotation-prefix',
      message: `says nothing under this prefix`,
      fix: `did you mean ${PREFIX}${key}?`,
    })
  } else if (isOther) {
    const message = 'is read by the NGINX Ingress Controller of F5 only, not by ingress-nginx nor here'
    findings.add(name, {
      severity: 'warning',
      code: 'annotation-prefix',
      message,
      ...(KNOWN_KEYS.has(key) && { fix: `here it is ${PREFIX}${key}` }),
    })
  }
}

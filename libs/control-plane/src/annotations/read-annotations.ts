import type { Diagnostic } from '../diagnostic.ts'
import type { Ingress } from '../parse/ingress.ts'
import type { Feature, Key, Keys } from './feature.ts'
import { ALL_FEATURES, ALL_OWN_FEATURES, PREFIX, type IngressAnnotations } from './features.ts'
import { Findings } from './findings.ts'
import { KNOWN_KEYS, OWN_KEYS } from './known-keys.ts'
import { OWN_PREFIX } from './own.ts'
import { noteOtherPrefix, noteUnknown, noteUnknownOwn } from './unknown-names.ts'
import { Refusal } from './value.ts'

/** Texts of the global ConfigMap that stand in for annotations an Ingress does not have; already known to be good. */
export type GlobalDefaults = ReadonlyMap<string, string>

export interface AnnotationReading {
  readonly settings: IngressAnnotations
  /** Every path of the Ingress answers 503, because a value that guards it cannot be understood. */
  readonly denied?: string
  readonly diagnostics: readonly Diagnostic[]
}

/** What the annotations of an Ingress mean. A bad value falls back to its default, or denies the paths: the key decides. */
export function readAnnotations(ingress: Ingress, globals: GlobalDefaults): AnnotationReading {
  const texts = new Map<string, string>()
  const findings = new Findings(ingress)
  for (const [name, value] of ingress.annotations) {
    if (OWN_KEYS.has(name)) texts.set(name, value)
    else if (name.startsWith(OWN_PREFIX)) noteUnknownOwn(name, findings)
    else if (!name.startsWith(PREFIX)) noteOtherPrefix(name, findings)
    else if (KNOWN_KEYS.has(name.slice(PREFIX.length))) texts.set(name.slice(PREFIX.length), value)
    else noteUnknown(name.slice(PREFIX.length), findings)
  }
  const settings: Record<string, unknown> = {}
  for (const [name, feature] of [...ALL_FEATURES, ...ALL_OWN_FEATURES])
    settings[name] = readFeature(feature, texts, globals, findings)
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

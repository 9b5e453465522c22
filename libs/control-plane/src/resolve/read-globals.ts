import type { ExternalAuth, GlobalSettings, HeaderEdit } from '@postern/routing-table'
import { controller, type ControllerSettings } from '../annotations/controller.ts'
import { ALL_FEATURES } from '../annotations/features.ts'
import type { Key } from '../annotations/feature.ts'
import type { GlobalDefaults } from '../annotations/read-annotations.ts'
import { Refusal, type ObjectName } from '../annotations/value.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { ConfigMap } from '../parse/config-map.ts'
import { noteAt } from '../parse/notes.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { CompileSettings } from '../settings.ts'
import { headersOf, setHeader, type ConfigHeader } from './config-headers.ts'
import { globalAuthOf, settingsOf } from './global-settings.ts'
import { unknownGlobal } from './unknown-global.ts'

/** What holds for everybody: from the ConfigMap and the command line. Stays the same object as long as the ConfigMap does. */
export interface GlobalReading {
  /** Stand in for annotations that an Ingress does not have. */
  readonly defaults: GlobalDefaults
  readonly controller: ControllerSettings
  readonly globalAuth?: ExternalAuth
  /** `global-auth-url` is there and cannot be understood: nobody may pass where it holds. */
  readonly globalAuthBroken: boolean
  /** A key that guards every Ingress cannot be understood: nobody may pass, until it can. */
  readonly denied?: string
  /** From the ConfigMaps that `add-headers` and `proxy-set-headers` name. */
  readonly headers: { readonly request: readonly HeaderEdit[]; readonly response: readonly HeaderEdit[] }
  readonly settings: GlobalSettings
  readonly diagnostics: readonly Diagnostic[]
}

export class GlobalsReader {
  readonly #settings: CompileSettings
  #last:
    { readonly madeFrom: readonly (ConfigMap | undefined)[]; readonly reading: GlobalReading } | undefined

  constructor(settings: CompileSettings) {
    this.#settings = settings
  }

  read({ configMaps }: Objects): GlobalReading {
    const wanted = this.#settings.configMap
    const configMap = wanted && configMaps.get(`${wanted.namespace}/${wanted.name}`)
    const named = (key: string): ConfigMap | undefined => configMaps.get(configMap?.data.get(key) ?? '')
    const madeFrom = [configMap, named('add-headers'), named('proxy-set-headers')]
    if (this.#last === undefined || madeFrom.some((found, index) => found !== this.#last?.madeFrom[index])) {
      this.#last = { madeFrom, reading: readGlobals(configMap, configMaps, this.#settings) }
    }
    return this.#last.reading
  }
}

/** Annotations whose defaults a ConfigMap can set, by the ConfigMap's key. */
export const GLOBAL_KEYS: ReadonlyMap<string, Key<unknown>> = new Map(
  ALL_FEATURES.flatMap(([, { keys }]) => Object.values(keys)).flatMap((key) =>
    key.global === undefined ? [] : [[key.global, key]],
  ),
)

function readGlobals(
  configMap: ConfigMap | undefined,
  configMaps: Objects['configMaps'],
  compile: CompileSettings,
): GlobalReading {
  const diagnostics: Diagnostic[] = []
  const defaults = new Map<string, string>()
  const own: Record<string, unknown> = {}
  let denied: string | undefined
  for (const [name, key] of Object.entries(controller.keys)) own[name] = key.default
  for (const [name, text] of configMap?.data ?? []) {
    const finding = readOne(name, text, defaults, own)
    if (finding?.code === 'configmap-denies') denied ??= `the global ConfigMap’s ${name} cannot be understood`
    if (finding && configMap)
      diagnostics.push(noteAt(configMap.manifest, configMap.ref, ['data', name], finding))
  }
  if (configMap === undefined && compile.configMap !== undefined) diagnostics.push(missing(compile.configMap))
  const read = own as ControllerSettings
  if (configMap && trustsEverybody(read))
    diagnostics.push(noteAt(configMap.manifest, configMap.ref, ['data'], EVERYBODY))
  const globalAuth = globalAuthOf(read)
  const edits = (key: 'add-headers' | 'proxy-set-headers'): readonly HeaderEdit[] => {
    const say = (message: string): void => {
      const note = { code: 'configmap-value', message, fix: 'correct it' }
      if (configMap) diagnostics.push(noteAt(configMap.manifest, configMap.ref, ['data', key], note))
    }
    const found = globalHeaders(read[key], configMap, configMaps)
    if (found instanceof Refusal) {
      say(`is not in force: ${found.problem}`)
      return []
    }
    return found.flatMap(({ name, value }) => {
      if (!(value instanceof Refusal)) return [setHeader(name, value)]
      say(`a header is left out: ${value.problem}`)
      return []
    })
  }
  return {
    defaults,
    controller: read,
    ...(globalAuth && { globalAuth }),
    globalAuthBroken: globalAuth === undefined && (configMap?.data.get('global-auth-url') ?? '') !== '',
    ...(denied !== undefined && { denied }),
    headers: { request: edits('proxy-set-headers'), response: edits('add-headers') },
    settings: settingsOf(read, compile),
    diagnostics,
  }
}

function globalHeaders(
  name: ObjectName | undefined,
  configMap: ConfigMap | undefined,
  configMaps: Objects['configMaps'],
): readonly ConfigHeader[] | Refusal {
  if (name === undefined || configMap === undefined) return []
  const key = `${name.namespace ?? configMap.namespace}/${name.name}`
  const found = configMaps.get(key)
  if (found === undefined) return new Refusal(`there is no ConfigMap ${key}`)
  return headersOf(found)
}

type Finding = Parameters<typeof noteAt>[3]

function readOne(
  name: string,
  text: string,
  defaults: Map<string, string>,
  own: Record<string, unknown>,
): Finding | undefined {
  const key = GLOBAL_KEYS.get(name) ?? (controller.keys as Readonly<Record<string, Key<unknown>>>)[name]
  if (key === undefined) return unknownGlobal(name, [...GLOBAL_KEYS.keys(), ...Object.keys(controller.keys)])
  const value = key.parse(text)
  if (value instanceof Refusal) {
    const problem = `${JSON.stringify(text.slice(0, 200))} is not in force: ${value.problem}`
    const fix = 'correct the value'
    if (key.bad === 'default')
      return { code: 'configmap-value', message: `${problem}; the default holds`, fix }
    return {
      code: 'configmap-denies',
      message: `${problem}; it guards everything, so everything answers 503`,
      fix,
    }
  }
  if (GLOBAL_KEYS.has(name)) defaults.set(name, text)
  else own[name] = value
  return undefined
}

function missing({ namespace, name }: NonNullable<CompileSettings['configMap']>): Diagnostic {
  const message = `--configmap: there is no ConfigMap ${namespace}/${name} among the manifests; the defaults hold`
  return { severity: 'warning', code: 'configmap-missing', message, fix: 'add it, or leave the flag out' }
}

const EVERYBODY: Finding = {
  severity: 'warning',
  code: 'trusts-everybody',
  message:
    'without proxy-real-ip-cidr every client’s X-Forwarded-* headers are believed, as with ingress-nginx',
  fix: 'list the addresses of your proxies under proxy-real-ip-cidr',
}

function trustsEverybody(read: ControllerSettings): boolean {
  return (read['use-forwarded-headers'] || read['enable-real-ip']) && read['proxy-real-ip-cidr'] === undefined
}

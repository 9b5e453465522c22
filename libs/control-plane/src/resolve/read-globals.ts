import { DEFAULT_SETTINGS, type GlobalSettings } from '@postern/routing-table'
import type { GlobalDefaults } from '../annotations/read-annotations.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { ConfigMap } from '../parse/config-map.ts'
import type { Objects } from '../parse/parse-manifests.ts'
import type { CompileSettings } from '../settings.ts'

/** What holds for everybody: from the ConfigMap and the command line. */
export interface GlobalReading {
  /** Stays the same object as long as the ConfigMap does. */
  readonly defaults: GlobalDefaults
  readonly settings: GlobalSettings
  readonly diagnostics: readonly Diagnostic[]
}

export class GlobalsReader {
  readonly #settings: CompileSettings
  #last: { readonly configMap: ConfigMap | undefined; readonly reading: GlobalReading } | undefined

  constructor(settings: CompileSettings) {
    this.#settings = settings
  }

  read({ configMaps }: Objects): GlobalReading {
    const wanted = this.#settings.configMap
    const configMap = wanted && configMaps.get(`${wanted.namespace}/${wanted.name}`)
    if (this.#last === undefined || this.#last.configMap !== configMap) {
      this.#last = { configMap, reading: readGlobals(configMap, this.#settings) }
    }
    return this.#last.reading
  }
}

function readGlobals(_configMap: ConfigMap | undefined, settings: CompileSettings): GlobalReading {
  return {
    defaults: new Map(),
    settings: { ...DEFAULT_SETTINGS, httpsRedirectPort: settings.httpsRedirectPort },
    diagnostics: [],
  }
}

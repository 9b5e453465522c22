import type { CompileSettings, ManifestSet, ManifestSource } from '@postern/control-plane'
import { explain, makeSubject, parseExplainRequest, type Explanation, type Subject } from '@postern/explain'

/** Explains requests by the manifests that are being served, as they were last read. */
export class ExplainPage {
  readonly #settings: CompileSettings
  #set: ManifestSet | undefined
  #subject: { readonly set: ManifestSet; readonly port: number; readonly subject: Subject } | undefined

  constructor(settings: CompileSettings) {
    this.#settings = settings
  }

  /** The same source; what it gives is kept for questions. */
  remember(source: ManifestSource): ManifestSource {
    const keep = (set: ManifestSet): ManifestSet => (this.#set = set)
    return {
      watch: async function* () {
        for await (const set of source.watch()) yield keep(set)
      },
      refresh: () => source.refresh(),
      close: () => source.close(),
    }
  }

  /**
   * `?url=…&method=…&header=Name: value&from=…`; `header` may stand several times. `httpsRedirectPort` is the one in use.
   * @throws RangeError that says what is wrong with the question.
   */
  answer(query: URLSearchParams, httpsRedirectPort: number): Promise<Explanation> {
    const [url, method, from] = [query.get('url'), query.get('method'), query.get('from')]
    if (url === null) throw new RangeError('expected ?url=https://shop.example/path')
    const headers = query.getAll('header')
    const words = { url, headers, ...(method !== null && { method }), ...(from !== null && { from }) }
    return explain(this.#subjectFor(httpsRedirectPort), parseExplainRequest(words))
  }

  // Compiled when somebody asks, and again when the manifests are others.
  #subjectFor(port: number): Subject {
    const set = this.#set
    if (set === undefined) throw new RangeError('the manifests are not read yet: ask again')
    if (this.#subject?.set !== set || this.#subject.port !== port)
      this.#subject = { set, port, subject: makeSubject(set, { ...this.#settings, httpsRedirectPort: port }) }
    return this.#subject.subject
  }
}

// What can be written: names from the documentation, and values that somebody once meant.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from '@postern/control-plane'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')
const TESTDATA = join(ROOT, 'libs', 'control-plane', 'testdata')

export interface Names {
  /** All of docs/compatibility.md, without their prefix. */
  readonly annotations: readonly string[]
  /** All of docs/annotations.md: the keys of the ConfigMap, those that are defaults of annotations included. */
  readonly configMap: readonly string[]
  /** Values of the golden cases, by annotation or key of the ConfigMap. */
  readonly examples: ReadonlyMap<string, readonly string[]>
}

export function readNames(): Names {
  const compatibility = readFileSync(join(ROOT, 'docs', 'compatibility.md'), 'utf8')
  const annotations = [...compatibility.matchAll(/^\| [123] \| `([a-z0-9-]+)` \|/gm)].map(
    ([, name]) => name ?? '',
  )
  return { annotations, configMap: configMapNames(), examples: readExamples() }
}

function configMapNames(): readonly string[] {
  const page = readFileSync(join(ROOT, 'docs', 'annotations.md'), 'utf8')
  const [features = '', globals = ''] = page.split('## Global settings')
  const defaults = [...features.matchAll(/\| `([a-z0-9-]+)` \|$/gm)]
  const own = [...globals.matchAll(/^\| `([a-z0-9-]+)` \|/gm)]
  return [...new Set([...defaults, ...own].map(([, name]) => name ?? ''))]
}

function readExamples(): ReadonlyMap<string, readonly string[]> {
  const examples = new Map<string, string[]>()
  for (const file of readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.in.yaml')) continue
    const { value } = parseYaml(readFileSync(join(TESTDATA, file), 'utf8'), file)
    for (const { content } of value) {
      const { metadata, data } = content as { metadata?: { annotations?: object }; data?: object }
      for (const [name, text] of Object.entries({ ...metadata?.annotations, ...data })) {
        const key = name.slice(name.indexOf('/') + 1)
        if (typeof text === 'string') examples.set(key, [...(examples.get(key) ?? []), text])
      }
    }
  }
  return examples
}

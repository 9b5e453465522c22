import { describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { toYaml, type ManifestObject } from '@postern/testing'
import { CONFUSIONS } from '../test/confusions.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explanation.ts'
import { renderExplanation } from './render-explanation.ts'
import { parseExplainRequest, type RequestWords } from './request.ts'
import { makeSubject } from './subject.ts'

const GOLDEN = join(import.meta.dirname, '../testdata')
const SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/explain.schema.json'), 'utf8'),
) as object
const isExplanation = new Ajv({ strict: true }).compile(SCHEMA)

async function ask(objects: readonly ManifestObject[], words: RequestWords): Promise<Explanation> {
  const { value, diagnostics } = parseYaml(toYaml(...objects), 'shop.yaml')
  const subject = makeSubject({ manifests: value, diagnostics }, DEFAULT_COMPILE_SETTINGS)
  return explain(subject, parseExplainRequest(words))
}

/** `UPDATE_GOLDEN=1 npm test` writes the file anew. */
function expectGolden(file: string, text: string): void {
  const path = join(GOLDEN, file)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

describe('explain', () => {
  test('answers the twelve typical confusions in one sentence that names the fix', async () => {
    const answers: string[] = []
    for (const { name, url, objects } of CONFUSIONS) {
      const { summary, findings } = await ask(objects, { url })
      answers.push(`${name}: ${url}\n  ${summary}\n  ${findings[0]?.sentence ?? 'nothing'}\n`)
    }
    expectGolden('confusions.txt', answers.join('\n'))
  })

  test.each(CONFUSIONS)('$name: fits 100 columns, and its JSON fits the schema', async ({ url, objects }) => {
    const explanation = await ask(objects, { url })
    const long = renderExplanation(explanation)
      .split('\n')
      .filter((line) => line.length > 100)
    expect(long).toEqual([])
    isExplanation(JSON.parse(JSON.stringify(explanation)))
    expect(isExplanation.errors ?? []).toEqual([])
  })
})

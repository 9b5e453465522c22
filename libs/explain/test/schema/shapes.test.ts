import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { packageVersion, readShapes } from './read-shapes.ts'

const FILE = join(import.meta.dirname, '../../src/check/schema/kubernetes-shapes.ts')

test('the shapes are those of the package; UPDATE_GOLDEN=1 writes them anew', () => {
  const text = `// Written by libs/explain/test/schema/shapes.test.ts (UPDATE_GOLDEN=1) from kubernetes-models ${packageVersion()}.

/** Kinds of Kubernetes and their parts, one a line: name, then fields as name:type, with ! when they are required. */
export const KUBERNETES_SHAPES = \`${readShapes().join('\n')}\`
`
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(FILE, text)
  expect(readFileSync(FILE, 'utf8')).toBe(text)
})

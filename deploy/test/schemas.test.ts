import { describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import type { KubeObject } from './kube-object.ts'
import { readManifests, ROOT } from './read-manifests.ts'
import { APPLICABLE, cannotRender, render } from './render.ts'
import { isModelled, MODELS, modelName, schemaError } from './schema-errors.ts'

const GATEWAY_API = 'gateway.networking.k8s.io/'
const patches = patchFiles()
const files = readManifests('{ingress,deploy/{base,overlays,gateway-api}}/**/*.yaml').filter(
  ({ file }) => !patches.has(file),
)

describe('V49 every file parses and every object is a valid Kubernetes object', () => {
  test.each(
    files.map(({ file, object }) => [`${file} ${object.kind} ${object.metadata.name}`, object] as const),
  )('%s', (_, object) => {
    if (object.apiVersion.startsWith(GATEWAY_API)) return // decided over by routing.test.ts, which refuses unknown fields
    expect(schemaError(object)).toBeUndefined()
  })
})

const describeRendered = cannotRender === undefined ? describe : describe.skip
const why = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

describeRendered(`V49 every folder renders to valid objects${why}`, () => {
  test.each(APPLICABLE)('%s', (folder) => {
    const objects = render(folder)
    expect(objects).not.toHaveLength(0)
    for (const object of objects)
      if (!object.apiVersion.startsWith(GATEWAY_API)) expect(schemaError(object)).toBeUndefined()
  })

  test('no object has a field that its kind does not know', () => {
    const objects = APPLICABLE.flatMap((folder) => render(folder)).filter((object) =>
      isModelled(modelName(object)),
    )
    expect(unknownFields(objects)).toBe('')
  })

  test('a field that its kind does not know is told', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'x' },
      spec: { selektor: {} },
    } as unknown as KubeObject
    expect(unknownFields([object])).toMatch(/selektor/)
  })
})

/** Patches are pieces of objects; what they are pieces of is checked where it is whole, in the rendered overlay. */
function patchFiles(): ReadonlySet<string> {
  const kustomizations = globSync('deploy/**/kustomization.yaml', { cwd: ROOT })
  return new Set(
    kustomizations.flatMap((file) => {
      const { patches } = parse(readFileSync(join(ROOT, file), 'utf8')) as { patches?: { path?: string }[] }
      return (patches ?? []).flatMap(({ path }) => (path === undefined ? [] : [join(dirname(file), path)]))
    }),
  )
}

/**
 * The schemas let unknown fields pass, the compiler does not: every object becomes a literal of its type.
 * Returns what the compiler says; nothing when all is well.
 */
function unknownFields(objects: readonly KubeObject[]): string {
  const names = Object.values(MODELS)
  const imports = [...new Set(names.map(({ module }) => module))].map(
    (module) =>
      `import type { ${names
        .filter((one) => one.module === module)
        .map(({ type }) => type)
        .join(', ')} } from 'kubernetes-models/${module}'`,
  )
  const literals = objects.map((object, at) => {
    const name = modelName(object)
    return isModelled(name) ? `export const o${at}: ${MODELS[name].type} = ${JSON.stringify(object)}` : ''
  })
  mkdirSync(join(ROOT, '.postern'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.postern', 'manifest-types-')) // inside, so that packages are found
  try {
    writeFileSync(join(folder, 'objects.ts'), [...imports, ...literals].join('\n'))
    const options = {
      extends: '../../tsconfig.base.json',
      compilerOptions: { exactOptionalPropertyTypes: false, noUnusedLocals: false },
      files: ['objects.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const compiler = join(ROOT, 'node_modules/@typescript/native/bin/tsc')
    execFileSync(process.execPath, [compiler, '-p', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return ''
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

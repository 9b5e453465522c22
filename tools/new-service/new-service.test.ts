import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'

jest.setTimeout(60_000)

const run = promisify(execFile)
const REPOSITORY = join(import.meta.dirname, '../..')
const NEEDED = [
  'deploy/base/proxy-app',
  'deploy/base/kustomization.yaml',
  'deploy/images',
  'tools/dev/topology.ts',
  'ingress/kustomization.yaml',
  'tsconfig.base.json',
  'libs/store/package.json',
]

let root = ''
const make = (...args: readonly string[]) =>
  run(process.execPath, [join(REPOSITORY, 'tools/new-service.ts'), ...args, '--root', root])
const fileOf = (file: string) => readFileSync(join(root, file), 'utf8')

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'new-service-'))
  for (const file of NEEDED) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    cpSync(join(REPOSITORY, file), join(root, file), { recursive: true })
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  // Not the name of docs/new-service.md: whoever follows it has a service of that name in this very checkout.
  await make('test-made', '--port', '8123')
})
afterAll(() => {
  rmSync(root, { recursive: true })
})

test('the new service runs and answers', async () => {
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', HEALTH_PORT: 'off' }
  const args = ['--conditions=@postern/source', join(root, 'apps/test-made/src/main.ts')]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const address = await new Promise<string>((resolve) => {
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      const found = /HTTP service listening on ([^"\s]+)/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  expect(await (await fetch(`http://${address}/?name=Ada`)).json()).toEqual({ message: 'Hello, Ada.' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  expect(await ended).toBe(0)
})

test('its types are right', async () => {
  const tsc = join(REPOSITORY, 'node_modules/.bin/tsc')
  const { stdout } = await run(tsc, ['--noEmit', '-p', join(root, 'apps/test-made/tsconfig.json')], {
    cwd: root,
  })
  expect(stdout).toBe('')
})

test('its manifests name it everywhere, and the model nowhere', () => {
  const files = ['deployment', 'service'].map((kind) => `deploy/base/test-made/${kind}.yaml`)
  for (const file of [...files, 'ingress/test-made.yaml', 'deploy/images/test-made.Containerfile']) {
    expect(fileOf(file)).toContain('test-made')
    expect(fileOf(file)).not.toMatch(/proxy|3000|helloworld/)
  }
  const [deployment] = parseAllDocuments(fileOf('deploy/base/test-made/deployment.yaml')).map((one) =>
    one.toJS(),
  )
  const [container] = deployment.spec.template.spec.containers
  expect(container).toMatchObject({ name: 'test-made', image: 'localhost/postern/test-made:0.1.0' })
  expect(container.ports[0]).toMatchObject({ containerPort: 8123 })
  expect(container.env).toBeUndefined()
})

test('it stands in every list', () => {
  expect(fileOf('tools/dev/topology.ts')).toContain("folder: 'apps/test-made'")
  expect(fileOf('deploy/images/images.ts')).toContain("image('test-made'")
  expect(fileOf('deploy/base/kustomization.yaml')).toContain('  - test-made\n')
  expect(fileOf('ingress/kustomization.yaml')).toContain('  - test-made.yaml\n')
})

test.each([
  ['Test-Made'],
  ['a'],
  ['x y'],
  ['test-made', '--port', '80'],
  ['one', 'two'],
  ['--prot', '1'],
  [],
])('refuses %j with its usage', async (...args) => {
  await expect(make(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('usage: ') })
})

test('tells its usage to who asks for it', async () => {
  expect((await make('--help')).stdout).toContain('usage: npx node tools/new-service.ts NAME')
})

test('is formatted as everything else', async () => {
  const prettier = join(REPOSITORY, 'node_modules/.bin/prettier')
  const config = ['--config', join(REPOSITORY, '.prettierrc.json')]
  const { stdout } = await run(prettier, ['--list-different', ...config, 'apps'], { cwd: root }).catch(
    (error: { readonly stdout: string }) => error,
  )
  expect(stdout).toBe('')
})

test.each([
  ['a service', 'test-made', 'apps/test-made'],
  ['a lib', 'store', 'libs/store'],
  ['manifests of another name than their app', 'proxy-app', 'deploy/base/proxy-app'],
])('leaves %s alone that is there, and makes nothing', async (_what, name, place) => {
  await expect(make(name)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${place} is there already`),
  })
  expect(existsSync(join(root, `ingress/${name}.yaml`))).toBe(name === 'test-made')
})

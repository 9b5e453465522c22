// The Containerfiles and the list of images, held to each other and to the manifests (S0.10, S0.19, W20, D7).
import { afterEach, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { buildCommand } from '../images/build-command.ts'
import { DEFAULT_PREFIX, IMAGES, VERSION } from '../images/images.ts'
import { workloadsOf } from './kube-object.ts'
import { ROOT } from './read-manifests.ts'
import { APPLICABLE, cannotRender, render } from './render.ts'

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const FILES = globSync('deploy/images/*.Containerfile', { cwd: ROOT }).sort()
const APPS = FILES.filter((file) => !file.includes('frontend-nginx'))
// The gateway keeps its young generation small: apps/gateway/bin/postern.mjs says why.
const flagOf = (file: string): string => (file.includes('gateway') ? '"--max-semi-space-size=4", ' : '')
const run = cannotRender === undefined ? describe : describe.skip

describe('Containerfiles', () => {
  test.each(FILES)('W20 %s: a base by tag that can be pinned, stages, OCI labels, not root', (file) => {
    const text = read(file)
    expect(text).toMatch(/^ARG NODE_IMAGE=docker\.io\/library\/node:26-[\w-]+$/m)
    expect(text.match(/^FROM /gm)?.length).toBeGreaterThanOrEqual(3)
    for (const label of ['title', 'description', 'licenses', 'version', 'revision', 'base.name'])
      expect(text).toContain(`org.opencontainers.image.${label}=`)
    expect(text.match(/^USER (\d+):(\d+)$/gm)?.at(-1)).not.toMatch(/ 0:/)
  })

  test.each(APPS)(
    '%s: from scratch, /app is the work folder, /app/tasks is the app’s own, Node is process 1',
    (file) => {
      const last = read(file).split('FROM scratch AS runtime')[1] ?? ''
      expect(last).toContain('WORKDIR /app')
      expect(last).toContain(`ENTRYPOINT ["/usr/local/bin/node", ${flagOf(file)}"/app/main.js"]`)
      expect(read(file)).toContain('mkdir -p -m 1777 /new/app/data /new/app/tasks /new/tmp')
      expect(read(file)).toContain('chown -R 65532:65532 /new/app')
    },
  )

  test.each(FILES)('%s prints a command that builds an image of the list, as the list has it', (file) => {
    const [, version = VERSION, tag = ''] =
      /^# {3}docker build -f \S+(?: --build-arg VERSION=(\S+))? -t localhost\/postern\/(\S+) \.$/m.exec(
        read(file),
      ) ?? []
    const image = IMAGES.find(({ tags }) => tags.includes(tag))
    expect([file, image?.version]).toEqual([`deploy/images/${image?.containerfile}.Containerfile`, version])
  })

  test('the apps’ files differ only where the apps do', () => {
    const shared = (file: string) =>
      read(file)
        .split('\n')
        .filter(
          (line) =>
            !/apps\/|image\.(title|description)|EXPOSE|^ENV |^CMD|^ENTRYPOINT|^# \w[\w-]*: |-t localhost|--target=/.test(
              line,
            ),
        )
    const [first, ...others] = APPS.map(shared)
    for (const other of others) expect(other).toEqual(first)
  })

  test('nothing secret and no installed package is in the context of a build', () => {
    const ignored = read('.dockerignore').split('\n')
    for (const line of [
      '.git',
      '**/node_modules',
      '.env',
      '.postern',
      'certs/*.key',
      'certs/*.crt',
      'certs/*.pem',
    ])
      expect(ignored).toContain(line)
  })
})

describe('the list of images', () => {
  test('names every Containerfile, and no tag twice', () => {
    expect(
      [...new Set(IMAGES.map(({ containerfile }) => `deploy/images/${containerfile}.Containerfile`))].sort(),
    ).toEqual(FILES)
    const tags = IMAGES.flatMap((image) => image.tags)
    expect(new Set(tags).size).toBe(tags.length)
  })

  test('has the version of package.json', () => {
    expect((parse(read('package.json')) as { version: string }).version).toBe(VERSION)
  })

  run('and the manifests', () => {
    test('every image of our own that a manifest names is built', () => {
      const built = new Set(IMAGES.flatMap(({ tags }) => tags.map((tag) => `${DEFAULT_PREFIX}${tag}`)))
      const named = APPLICABLE.flatMap((folder) =>
        workloadsOf(render(folder)).flatMap(({ containers }) => containers.map(({ image }) => image)),
      )
      for (const image of named.filter((one) => one.startsWith(DEFAULT_PREFIX)))
        expect(built).toContain(image)
    })

    test.each(APPS)('%s: `kubectl debug --target` names the container that runs it', (file) => {
      const [, target] = /--target=(\S+)/.exec(read(file)) ?? []
      const tags = IMAGES.filter(({ containerfile }) => file.endsWith(`/${containerfile}.Containerfile`))
        .flatMap((image) => image.tags)
        .map((tag) => `${DEFAULT_PREFIX}${tag}`)
      const names = APPLICABLE.flatMap((folder) =>
        workloadsOf(render(folder)).flatMap(({ containers }) =>
          containers.filter(({ image }) => tags.includes(image)).map(({ name }) => name),
        ),
      )
      expect(names).toContain(target)
    })
  })

  test('compose names images that are built', () => {
    const built = IMAGES.flatMap(({ tags }) => tags.map((tag) => `${DEFAULT_PREFIX}${tag}`))
    for (const file of ['compose.yaml', 'deploy/compose/material.yaml']) {
      const { services } = parse(read(file), { merge: true }) as {
        services: Record<string, { image: string }>
      }
      for (const { image } of Object.values(services)) expect(built).toContain(image)
    }
  })
})

describe('the command that builds one', () => {
  const options = {
    root: '/repo',
    prefix: 'r.example/x/',
    revision: 'abc',
    debug: false,
    args: ['A=1'],
    flags: ['--pull'],
  }
  const image = { containerfile: 'users', tags: ['users:1', 'u:2'], version: '1', debug: true }

  test('docker and podman build, buildah buds', () => {
    const tail = [
      '--file',
      '/repo/deploy/images/users.Containerfile',
      '--tag',
      'r.example/x/users:1',
      '--tag',
      'r.example/x/u:2',
      '--build-arg',
      'VERSION=1',
      '--build-arg',
      'REVISION=abc',
      '--build-arg',
      'A=1',
      '--pull',
      '/repo',
    ]
    expect(buildCommand(image, { ...options, engine: 'docker' })).toEqual(['docker', 'build', ...tail])
    expect(buildCommand(image, { ...options, engine: 'buildah' })).toEqual(['buildah', 'bud', ...tail])
  })

  describe('chooses its engine', () => {
    const folders: string[] = []
    afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

    /** What build.ts prints where `docker version` and `podman version` end with these codes. */
    const built = (docker: number, podman: number) => {
      const folder = mkdtempSync(join(tmpdir(), 'postern-engines-'))
      folders.push(folder)
      for (const [name, code] of Object.entries({ docker, podman }))
        writeFileSync(join(folder, name), `#!/bin/sh\n[ "$1" != version ] || exit ${code}\n`, { mode: 0o755 })
      const command = [join(ROOT, 'deploy/images/build.ts'), '--print', 'users']
      return spawnSync(process.execPath, command, { encoding: 'utf8', env: { PATH: folder } })
    }

    test('docker first', () => expect(built(0, 0).stdout).toMatch(/^\$ docker build /))
    test('not a docker whose daemon does not run', () =>
      expect(built(1, 0).stdout).toMatch(/^\$ podman build /))
    test('and says so when none runs', () => {
      const { status, stderr } = built(1, 1)
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/^none of docker, podman, buildah .* daemon\n/),
      ])
    })
  })

  test('the debug variant is another target under another tag', () => {
    const command = buildCommand(image, { ...options, engine: 'podman', debug: true })
    expect(command.slice(2, 4)).toEqual(['--target', 'debug'])
    expect(command).toContain('r.example/x/users:1-debug')
  })
})

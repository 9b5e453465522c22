import { describe, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { DEFAULT_COMPILE_SETTINGS, type Diagnostic } from '@postern/control-plane'
import type { RoutingTable } from '@postern/routing-table'
import { ingress, makeAuthority, opaqueSecret, serviceAt, tlsSecret, toYaml, until } from '@postern/testing'
import {
  createControlProcess,
  type ControlProcess,
  type ControlProcessOptions,
} from '../src/control-process/create-control-process.ts'
import { startProcess } from '../src/control-process/start-process.ts'
import { createLog } from '../src/log.ts'
import { GatewayFixture } from './gateway-fixture.ts'

const toShop = (host: string) =>
  ingress({ name: host.split('.')[0]!, rules: [{ host, paths: [{ path: '/', service: 'shop' }] }] })
const SHOP = serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }])

const NO_ROOM = 'process.send({ kind: "failed", message: "no room" }); setInterval(() => undefined, 1_000)'

function failing(): ChildProcess {
  const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
  return spawn(process.execPath, ['-e', NO_ROOM], { stdio: [...stdio], serialization: 'advanced' })
}

/** A control process over a folder, and all that it says. */
class Attended implements AsyncDisposable {
  readonly tables: RoutingTable[] = []
  readonly reports: (readonly Diagnostic[])[] = []
  readonly logged: string[] = []
  readonly children: ChildProcess[] = []
  readonly plane: ControlProcess

  constructor(manifests: readonly string[], options: Partial<ControlProcessOptions> = {}) {
    const write = (line: string): void => void this.logged.push(line)
    this.plane = createControlProcess({
      manifests,
      settings: DEFAULT_COMPILE_SETTINGS,
      publish: (table) => this.tables.push(table),
      report: (diagnostics) => this.reports.push(diagnostics),
      log: createLog({ format: 'json', level: 'info', write, now: () => new Date() }),
      startProcess: () => {
        const child = startProcess()
        this.children.push(child)
        return child
      },
      restartDelayMs: () => 0,
      ...options,
    })
  }

  untilHosts(...hosts: readonly string[]): Promise<RoutingTable> {
    return until(`the hosts are ${hosts.join(', ')}`, () => {
      const table = this.tables.at(-1)
      return table?.hosts.map(({ host }) => host).join() === hosts.join() ? table : undefined
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plane.stop()
  }
}

function hasEnded(child: ChildProcess | undefined): boolean {
  return child !== undefined && (child.exitCode !== null || child.signalCode !== null)
}

describe('what a control process publishes', () => {
  test('a host that did not change stays the same object when another is added', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using attended = new Attended([files.folder])
    await attended.plane.start()
    const before = await attended.untilHosts('a.example')
    await files.write('more.yaml', toShop('b.example'))
    const after = await attended.untilHosts('a.example', 'b.example')
    expect(after.hosts[0]).toBe(before.hosts[0])
    expect(after.backends).toBe(before.backends)
    expect(after.revision).toBe(before.revision + 1)
    expect(Object.isFrozen(after.hosts[1]?.routes[0])).toBe(true)
  })

  test('secrets arrive, and stay hidden', async () => {
    await using files = await GatewayFixture.make()
    const authority = await makeAuthority()
    const issued = await authority.issue('a.example')
    const annotations = {
      'auth-type': 'basic',
      'auth-secret': 'people',
    }
    await files.write(
      'shop.yaml',
      ...[
        SHOP,
        tlsSecret('tls', issued),
        opaqueSecret('people', { auth: 'ada:$apr1$saltsalt$WnNkaIAr.RgXMhuRsvbGJ1' }),
      ],
      ingress({
        ...{ name: 'a', annotations, tls: [{ hosts: ['a.example'], secretName: 'tls' }] },
        rules: [{ host: 'a.example', paths: [{ path: '/', service: 'shop' }] }],
      }),
    )
    await using attended = new Attended([files.folder])
    await attended.plane.start()
    const table = await attended.untilHosts('a.example')
    expect(table.certificates[0]?.keyPem.reveal()).toBe(issued.keyPem)
    const access = table.hosts[0]?.routes[0]?.filters.find(({ kind }) => kind === 'access')
    expect(access?.kind === 'access' && access.basic?.users.reveal().get('ada')).toBe(
      '$apr1$saltsalt$WnNkaIAr.RgXMhuRsvbGJ1',
    )
    expect(inspect(table, { depth: 20 })).not.toMatch(/PRIVATE KEY|saltsalt/)
  })

  test('standard input is read, also by a process that is started again', async () => {
    const stdin = Readable.from([toYaml(...SHOP, toShop('a.example'))])
    await using attended = new Attended(['-'], { stdin })
    await attended.plane.start()
    await attended.untilHosts('a.example')
    await attended.children[0]?.kill('SIGKILL')
    const answer = await until('it explains again', () =>
      attended.plane.explain(new URLSearchParams({ url: 'http://a.example/' }), 443).catch(() => undefined),
    )
    expect(answer.outcomes[0]?.outcome.kind).toBe('forwarded')
    expect(attended.children).toHaveLength(2)
    expect(attended.tables).toHaveLength(1)
  })
})

describe('what it says besides', () => {
  test('findings are reported when they are others, and shown', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using attended = new Attended([files.folder])
    await attended.plane.start()
    await files.writeText('broken.yaml', 'kind: Ingress\n  bad: [indent\n')
    const found = await until('the broken file is reported', () =>
      attended.plane.diagnostics().find(({ file }) => file?.endsWith('broken.yaml')),
    )
    expect(found).toMatchObject({ severity: 'error', line: expect.any(Number) })
    expect(attended.reports.at(-1)).toContainEqual(found)
    await files.write('broken.yaml', toShop('b.example'))
    await attended.untilHosts('a.example', 'b.example')
    expect(attended.plane.diagnostics().find(({ file }) => file?.endsWith('broken.yaml'))).toBeUndefined()
  })

  test('a question is answered, a wrong one refused with what is wrong', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using attended = new Attended([files.folder])
    await attended.plane.start()
    const ask = (words: Record<string, string>) => attended.plane.explain(new URLSearchParams(words), 443)
    expect((await ask({ url: 'http://a.example/x' })).outcomes[0]?.outcome.kind).toBe('forwarded')
    await expect(ask({})).rejects.toThrow(RangeError)
  })
})

describe('a process that ends by itself', () => {
  test('is started again, keeps the table meanwhile, and serves the next edit', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using attended = new Attended([files.folder])
    await attended.plane.start()
    const before = await attended.untilHosts('a.example')
    await attended.children[0]?.kill('SIGKILL')
    await files.write('more.yaml', toShop('b.example'))
    const after = await attended.untilHosts('a.example', 'b.example')
    expect(after.hosts[0]).toBe(before.hosts[0])
    expect(after.revision).toBe(before.revision + 1)
    expect(attended.logged.join('')).toMatch(
      /the control process ended: the last table stays.*ended with SIGKILL/,
    )
  })

  test('before the first table is a reason not to start', async () => {
    const startProcess = () => failing()
    await using attended = new Attended(['nowhere'], { startProcess })
    await expect(attended.plane.start()).rejects.toThrow('no room')
  })

  test('on request is not started again', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP)
    const attended = new Attended([files.folder])
    await attended.plane.start()
    await attended.plane.stop()
    expect(attended.children).toHaveLength(1)
    expect(attended.logged).toEqual([])
  })
})

test('a table that cannot be used is logged, and the next one is served', async () => {
  await using files = await GatewayFixture.make()
  await files.write('shop.yaml', SHOP, toShop('a.example'))
  const published: RoutingTable[] = []
  const publish = (table: RoutingTable): void => {
    if (table.hosts.length === 2) throw new Error('no such thing')
    published.push(table)
  }
  await using attended = new Attended([files.folder], { publish })
  await attended.plane.start()
  await files.write('more.yaml', toShop('b.example'))
  await until('it is logged', () => attended.logged.join('').includes('no such thing'))
  await files.write('third.yaml', toShop('c.example'))
  await until('the next is there', () => published.at(-1)?.hosts.length === 3)
})

describe('a process that nobody needs', () => {
  const asleep = (attended: Attended, count: number): Promise<unknown> =>
    until(`process ${String(count)} has ended`, () => hasEnded(attended.children[count - 1]))

  test('ends; a change starts one that sends what differs, and the next change too', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using attended = new Attended([files.folder], { sleepDelayMs: () => 20 })
    await attended.plane.start()
    const before = await attended.untilHosts('a.example')
    await asleep(attended, 1)
    await files.write('more.yaml', toShop('b.example'))
    const after = await attended.untilHosts('a.example', 'b.example')
    expect(after.hosts[0]).toBe(before.hosts[0])
    expect(after.backends).toBe(before.backends)
    await asleep(attended, 2)
    await rm(join(files.folder, 'more.yaml'))
    await attended.untilHosts('a.example')
    expect(attended.tables).toHaveLength(3)
    expect(attended.reports).toHaveLength(1)
    expect(attended.logged).toEqual([])
  })

  test('is started for a question, and for a refresh that finds nothing new', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using attended = new Attended([files.folder], { sleepDelayMs: () => 20 })
    await attended.plane.start()
    await asleep(attended, 1)
    const answer = await attended.plane.explain(new URLSearchParams({ url: 'http://a.example/' }), 443)
    expect(answer.outcomes[0]?.outcome.kind).toBe('forwarded')
    await asleep(attended, 2)
    attended.plane.refresh()
    await asleep(attended, 3)
    expect(attended.tables).toHaveLength(1)
  })

  test('knows the last good form of what went bad while it was away, and then stays until that is mended', async () => {
    await using files = await GatewayFixture.make()
    const good = toShop('a.example')
    await files.write('shop.yaml', SHOP, good)
    await files.write('c.yaml', toShop('c.example'))
    await using attended = new Attended([files.folder], { sleepDelayMs: () => 20 })
    await attended.plane.start()
    await attended.untilHosts('a.example', 'c.example')
    await asleep(attended, 1)
    await files.write('shop.yaml', SHOP, { ...good, spec: { rules: 'none' } })
    await files.writeText('c.yaml', '{ broken')
    const codes = () => attended.plane.diagnostics().map(({ code }) => code)
    await until(
      'both are reported',
      () => codes().includes('last-good-kept') && codes().includes('yaml-syntax'),
    )
    await files.write('more.yaml', toShop('b.example'))
    await attended.untilHosts('a.example', 'b.example', 'c.example')
    expect(attended.tables).toHaveLength(2)
    expect(attended.children.map(hasEnded)).toEqual([true, false])
    await files.write('shop.yaml', SHOP, good)
    await files.write('c.yaml', toShop('c.example'))
    await asleep(attended, 2)
  })

  test('is started again from nothing when it fails to wake', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    let starts = 0
    await using attended = new Attended([files.folder], {
      sleepDelayMs: () => 20,
      startProcess: () => {
        starts += 1
        const child = starts === 2 ? failing() : startProcess()
        attended.children.push(child)
        return child
      },
    })
    await attended.plane.start()
    await asleep(attended, 1)
    await files.write('more.yaml', toShop('b.example'))
    await attended.untilHosts('a.example', 'b.example')
    expect(attended.logged.join('')).toContain('no room')
  })
})

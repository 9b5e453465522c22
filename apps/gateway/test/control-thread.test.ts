import { describe, expect, test } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { Worker } from 'node:worker_threads'
import { DEFAULT_COMPILE_SETTINGS, type Diagnostic } from '@postern/control-plane'
import type { RoutingTable } from '@postern/routing-table'
import { ingress, makeAuthority, opaqueSecret, serviceAt, tlsSecret, toYaml, until } from '@postern/testing'
import {
  createControlThread,
  type ControlThread,
  type ControlThreadOptions,
} from '../src/control-thread/create-control-thread.ts'
import { startThread } from '../src/control-thread/start-thread.ts'
import { createLog } from '../src/log.ts'
import { GatewayFixture } from './gateway-fixture.ts'

const toShop = (host: string) =>
  ingress({ name: host.split('.')[0]!, rules: [{ host, paths: [{ path: '/', service: 'shop' }] }] })
const SHOP = serviceAt('shop', [{ address: '127.0.0.1', port: 8080 }])

/** A control thread over a folder, and all that it says. */
class Threaded implements AsyncDisposable {
  readonly tables: RoutingTable[] = []
  readonly reports: (readonly Diagnostic[])[] = []
  readonly logged: string[] = []
  readonly workers: Worker[] = []
  readonly thread: ControlThread

  constructor(manifests: readonly string[], options: Partial<ControlThreadOptions> = {}) {
    const write = (line: string): void => void this.logged.push(line)
    this.thread = createControlThread({
      manifests,
      settings: DEFAULT_COMPILE_SETTINGS,
      publish: (table) => this.tables.push(table),
      report: (diagnostics) => this.reports.push(diagnostics),
      log: createLog({ format: 'json', level: 'info', write, now: () => new Date() }),
      startThread: (data) => {
        const worker = startThread(data)
        this.workers.push(worker)
        return worker
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
    await this.thread.stop()
  }
}

describe('what a control thread publishes', () => {
  test('a host that did not change stays the same object when another is added', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder])
    await threaded.thread.start()
    const before = await threaded.untilHosts('a.example')
    await files.write('more.yaml', toShop('b.example'))
    const after = await threaded.untilHosts('a.example', 'b.example')
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
    await using threaded = new Threaded([files.folder])
    await threaded.thread.start()
    const table = await threaded.untilHosts('a.example')
    expect(table.certificates[0]?.keyPem.reveal()).toBe(issued.keyPem)
    const access = table.hosts[0]?.routes[0]?.filters.find(({ kind }) => kind === 'access')
    expect(access?.kind === 'access' && access.basic?.users.reveal().get('ada')).toBe(
      '$apr1$saltsalt$WnNkaIAr.RgXMhuRsvbGJ1',
    )
    expect(inspect(table, { depth: 20 })).not.toMatch(/PRIVATE KEY|saltsalt/)
  })

  test('standard input is read, also by a thread that is started again', async () => {
    const stdin = Readable.from([toYaml(...SHOP, toShop('a.example'))])
    await using threaded = new Threaded(['-'], { stdin })
    await threaded.thread.start()
    await threaded.untilHosts('a.example')
    await threaded.workers[0]?.terminate()
    const answer = await until('it explains again', () =>
      threaded.thread.explain(new URLSearchParams({ url: 'http://a.example/' }), 443).catch(() => undefined),
    )
    expect(answer.outcomes[0]?.outcome.kind).toBe('forwarded')
    expect(threaded.workers).toHaveLength(2)
    expect(threaded.tables).toHaveLength(1)
  })
})

describe('what it says besides', () => {
  test('findings are reported when they are others, and shown', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder])
    await threaded.thread.start()
    await files.writeText('broken.yaml', 'kind: Ingress\n  bad: [indent\n')
    const found = await until('the broken file is reported', () =>
      threaded.thread.diagnostics().find(({ file }) => file?.endsWith('broken.yaml')),
    )
    expect(found).toMatchObject({ severity: 'error', line: expect.any(Number) })
    expect(threaded.reports.at(-1)).toContainEqual(found)
    await files.write('broken.yaml', toShop('b.example'))
    await threaded.untilHosts('a.example', 'b.example')
    expect(threaded.thread.diagnostics().find(({ file }) => file?.endsWith('broken.yaml'))).toBeUndefined()
  })

  test('a question is answered, a wrong one refused with what is wrong', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder])
    await threaded.thread.start()
    const ask = (words: Record<string, string>) => threaded.thread.explain(new URLSearchParams(words), 443)
    expect((await ask({ url: 'http://a.example/x' })).outcomes[0]?.outcome.kind).toBe('forwarded')
    await expect(ask({})).rejects.toThrow(RangeError)
  })
})

describe('a thread that ends by itself', () => {
  test('is started again, keeps the table meanwhile, and serves the next edit', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder])
    await threaded.thread.start()
    const before = await threaded.untilHosts('a.example')
    await threaded.workers[0]?.terminate()
    await files.write('more.yaml', toShop('b.example'))
    const after = await threaded.untilHosts('a.example', 'b.example')
    expect(after.hosts[0]).toBe(before.hosts[0])
    expect(after.revision).toBe(before.revision + 1)
    expect(threaded.logged.join('')).toMatch(
      /the control thread ended: the last table stays.*ended with code/,
    )
  })

  test('before the first table is a reason not to start', async () => {
    const startThread = () => new Worker('throw new Error("no room")', { eval: true })
    await using threaded = new Threaded(['nowhere'], { startThread })
    await expect(threaded.thread.start()).rejects.toThrow('no room')
  })

  test('on request is not started again', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP)
    const threaded = new Threaded([files.folder])
    await threaded.thread.start()
    await threaded.thread.stop()
    expect(threaded.workers).toHaveLength(1)
    expect(threaded.logged).toEqual([])
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
  await using threaded = new Threaded([files.folder], { publish })
  await threaded.thread.start()
  await files.write('more.yaml', toShop('b.example'))
  await until('it is logged', () => threaded.logged.join('').includes('no such thing'))
  await files.write('third.yaml', toShop('c.example'))
  await until('the next is there', () => published.at(-1)?.hosts.length === 3)
})

describe('a thread that nobody needs', () => {
  const asleep = (threaded: Threaded, count: number): Promise<unknown> =>
    until(`thread ${String(count)} has ended`, () => threaded.workers[count - 1]?.threadId === -1)

  test('ends; a change starts one that sends what differs, and the next change too', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder], { sleepDelayMs: () => 20 })
    await threaded.thread.start()
    const before = await threaded.untilHosts('a.example')
    await asleep(threaded, 1)
    await files.write('more.yaml', toShop('b.example'))
    const after = await threaded.untilHosts('a.example', 'b.example')
    expect(after.hosts[0]).toBe(before.hosts[0])
    expect(after.backends).toBe(before.backends)
    await asleep(threaded, 2)
    await rm(join(files.folder, 'more.yaml'))
    await threaded.untilHosts('a.example')
    expect(threaded.tables).toHaveLength(3)
    expect(threaded.reports).toHaveLength(1)
    expect(threaded.logged).toEqual([])
  })

  test('is started for a question, and for a refresh that finds nothing new', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder], { sleepDelayMs: () => 20 })
    await threaded.thread.start()
    await asleep(threaded, 1)
    const answer = await threaded.thread.explain(new URLSearchParams({ url: 'http://a.example/' }), 443)
    expect(answer.outcomes[0]?.outcome.kind).toBe('forwarded')
    await asleep(threaded, 2)
    threaded.thread.refresh()
    await asleep(threaded, 3)
    expect(threaded.tables).toHaveLength(1)
  })

  test('stays while an object keeps its last good form, which no other thread would know', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    await using threaded = new Threaded([files.folder], { sleepDelayMs: () => 20 })
    await threaded.thread.start()
    const good = toShop('a.example')
    await files.write('shop.yaml', SHOP, { ...good, spec: { rules: 'none' } })
    await until('it is reported', () =>
      threaded.thread.diagnostics().some(({ code }) => code === 'last-good-kept'),
    )
    await files.write('more.yaml', toShop('b.example'))
    await threaded.untilHosts('a.example', 'b.example')
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(threaded.workers.map(({ threadId }) => threadId)).not.toContain(-1)
    await files.write('shop.yaml', SHOP, good)
    await asleep(threaded, 1)
  })

  test('is started again from nothing when it fails to wake', async () => {
    await using files = await GatewayFixture.make()
    await files.write('shop.yaml', SHOP, toShop('a.example'))
    let starts = 0
    await using threaded = new Threaded([files.folder], {
      sleepDelayMs: () => 20,
      startThread: (data) => {
        starts += 1
        const worker =
          starts === 2 ? new Worker('throw new Error("no room")', { eval: true }) : startThread(data)
        threaded.workers.push(worker)
        return worker
      },
    })
    await threaded.thread.start()
    await asleep(threaded, 1)
    await files.write('more.yaml', toShop('b.example'))
    await threaded.untilHosts('a.example', 'b.example')
    expect(threaded.logged.join('')).toContain('no room')
  })
})

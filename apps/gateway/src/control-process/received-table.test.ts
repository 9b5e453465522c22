import { expect, test } from '@jest/globals'
import {
  emptyTable,
  Redacted,
  type CertificateId,
  type Certificate,
  type HostPattern,
  type Revision,
  type RouteId,
  type RoutingTable,
  type TlsPassthrough,
} from '@postern/routing-table'
import { backendAt, hostWith, routeTo } from '@postern/testing/table-builder'
import { inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { ReceivedTable } from './received-table.ts'
import { toRecordText } from './record.ts'
import type { TableMessage } from './table-message.ts'
import { ToldTable } from './told-table.ts'

const CERTIFICATE: Certificate = {
  ...{
    id: 'test/tls' as CertificateId,
    certPem: 'pem',
    keyPem: new Redacted('deep secret'),
    fingerprint: 'AA',
  },
  ...{ names: [], notBefore: '', notAfter: '', origin: { kind: 'Secret', namespace: 'test', name: 'tls' } },
}

function tableOf(revision: number, ...hosts: readonly string[]): RoutingTable {
  const made = hosts.map((host) =>
    hostWith(host, [routeTo('test/shop/80')], { tls: { certificate: CERTIFICATE.id } }),
  )
  const backends = [backendAt('test/bücher/80', [{ address: '192.0.2.1', port: 80 }])]
  return { ...emptyTable, revision: revision as Revision, hosts: made, backends, certificates: [CERTIFICATE] }
}

/** As between processes. */
async function send(message: TableMessage | undefined, to: ReceivedTable): Promise<RoutingTable | undefined> {
  return message && to.receive(deserialize(serialize(message)) as TableMessage)
}

const said = ({ revision: _, ...rest }: RoutingTable): unknown => JSON.parse(toRecordText(rest))

test('a table arrives as it was, and only what changed is sent again', async () => {
  const [told, received] = [new ToldTable(), new ReceivedTable()]
  const [one, two] = [tableOf(1, 'a.example', 'c.example'), tableOf(2, 'a.example', 'b.example', 'c.example')]
  const first = told.tell(one)
  const before = await send(first, received)
  expect(said(before!)).toEqual(said(one))
  const second = told.tell(two)
  const after = await send(second, received)
  expect(said(after!)).toEqual(said(two))
  expect(after?.revision).toBe(2)
  expect(after?.hosts[0]).toBe(before?.hosts[0])
  expect(after?.hosts[2]).toBe(before?.hosts[1])
  expect(after?.backends).toBe(before?.backends)
  expect(after?.defaultRoute).toBe(before?.defaultRoute)
  expect(second?.hosts.runs).toEqual([0, 1, -1, 1, 1, 1])
  expect(second?.backends.bytes.length).toBe(0)
  expect(second?.rest).toBeUndefined()
})

test('what is passed through unopened arrives, stays the same while it does, and goes', async () => {
  const [told, received] = [new ToldTable(), new ReceivedTable()]
  const passthrough: TlsPassthrough = {
    ...{ host: 'a.example' as HostPattern, id: 'test/a/(passthrough)' as RouteId, accessLog: true },
    ...{ connectMs: 1, idleMs: 2, origin: CERTIFICATE.origin },
  }
  const passing = (revision: number, host: string): RoutingTable => {
    return { ...tableOf(revision, host), passthroughs: [passthrough] }
  }
  const first = await send(told.tell(passing(1, 'a.example')), received)
  expect(said(first!)).toEqual(said(passing(1, 'a.example')))
  const again = new ToldTable()
  expect(await send(again.tell(passing(2, 'a.example')), received)).toBeDefined()
  const second = await send(again.tell(passing(3, 'b.example')), received)
  expect(second?.passthroughs).toBe(first?.passthroughs)
  const last = await send(again.tell(tableOf(4, 'b.example')), received)
  expect(last).not.toHaveProperty('passthroughs')
})

test('a host, gone, comes back with another word', async () => {
  const [told, received] = [new ToldTable(), new ReceivedTable()]
  await send(told.tell(tableOf(1, 'a.example', 'b.example')), received)
  const without = await send(told.tell(tableOf(2, 'b.example')), received)
  expect(without?.hosts.map(({ host }) => host)).toEqual(['b.example'])
  const [host] = tableOf(3, 'b.example').hosts
  const next = { ...tableOf(3), hosts: [{ ...host!, routes: [] }] }
  expect((await send(told.tell(next), received))?.hosts[0]?.routes).toEqual([])
})

test('a sender that begins anew and says the same publishes nothing, and one that goes on sends nothing', async () => {
  const [told, received] = [new ToldTable(), new ReceivedTable()]
  const before = await send(told.tell(tableOf(4, 'a.example')), received)
  expect(ToldTable.from(told.keep()).tell(tableOf(1, 'a.example'))).toBeUndefined()
  received.restart()
  const again = new ToldTable()
  expect(await send(again.tell(tableOf(1, 'a.example')), received)).toBeUndefined()
  const after = await send(again.tell(tableOf(2, 'a.example', 'b.example')), received)
  expect(after?.revision).toBe(2)
  expect(after?.hosts[0]).toBe(before?.hosts[0])
})

test('secrets arrive and stay hidden', async () => {
  const received = new ReceivedTable()
  const table = await send(new ToldTable().tell(tableOf(1, 'a.example')), received)
  expect(table?.certificates[0]?.keyPem.reveal()).toBe('deep secret')
  expect(inspect(table, { depth: 20, showHidden: true }) + JSON.stringify(table)).not.toContain('deep secret')
})

test('whoever has nothing is given the whole', async () => {
  const [received, other] = [new ReceivedTable(), new ReceivedTable()]
  const table = await send(new ToldTable().tell(tableOf(1, 'a.example', 'b.example')), received)
  expect(said((await send(received.whole(), other))!)).toEqual(said(table!))
})

test('a message that was made for another table is refused', async () => {
  const told = new ToldTable()
  told.tell(tableOf(1, 'a.example'))
  const next = told.tell(tableOf(2, 'a.example', 'b.example'))
  await expect(send(next, new ReceivedTable())).rejects.toThrow('start again from a whole table')
})

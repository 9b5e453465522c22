import { expect, test } from '@jest/globals'
import { diffTables, emptyTable, sameValue, type Revision, type RoutingTable } from '@postern/routing-table'
import { hostWith, routeTo } from '@postern/testing/table-builder'
import { ReceivedTable } from './received-table.ts'

function tableOf(revision: number, ...hosts: readonly string[]): RoutingTable {
  const made = hosts.map((host) => hostWith(host, [routeTo('test/shop/80')]))
  return { ...emptyTable, revision: revision as Revision, hosts: made }
}

test('a host that did not change keeps its identity', () => {
  const received = new ReceivedTable()
  const [one, two] = [tableOf(1, 'a.example'), tableOf(2, 'a.example', 'b.example')]
  const before = received.receive(diffTables(emptyTable, one))
  const after = received.receive(diffTables(one, two))
  expect(sameValue(after, two)).toBe(true)
  expect(after?.hosts[0]).toBe(before?.hosts[0])
})

test('a thread that is started again and says the same publishes nothing', () => {
  const received = new ReceivedTable()
  received.receive(diffTables(emptyTable, tableOf(1, 'a.example')))
  received.restart()
  expect(received.receive(diffTables(emptyTable, tableOf(1, 'a.example')))).toBeUndefined()
})

test('from thread to thread the revision grows by one, and what stayed is the same object', () => {
  const received = new ReceivedTable()
  const one = tableOf(1, 'a.example')
  received.receive(diffTables(emptyTable, one))
  const before = received.receive(diffTables(one, tableOf(2, 'a.example', 'b.example')))
  received.restart()
  const again = tableOf(1, 'a.example', 'c.example')
  const third = received.receive(diffTables(emptyTable, again))
  expect(third?.revision).toBe(3)
  expect(third?.hosts[0]).toBe(before?.hosts[0])
  const fourth = received.receive(diffTables(again, tableOf(2, 'a.example')))
  expect(fourth?.revision).toBe(4)
  expect(fourth?.hosts).toEqual([before?.hosts[0]])
})

test('a patch for another table is refused and changes nothing', () => {
  const received = new ReceivedTable()
  const [one, two] = [tableOf(1, 'a.example'), tableOf(2, 'b.example')]
  received.receive(diffTables(emptyTable, one))
  expect(() => received.receive(diffTables({ ...one, revision: 7 as Revision }, two))).toThrow(/revision 7/)
  expect(received.receive(diffTables(one, two))?.revision).toBe(2)
})

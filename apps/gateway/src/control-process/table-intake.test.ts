import { expect, test } from '@jest/globals'
import { emptyTable, type Revision, type RoutingTable } from '@postern/routing-table'
import { until } from '@postern/testing'
import { hostWith, routeTo } from '@postern/testing/table-builder'
import { createLog } from '../log.ts'
import { TableIntake } from './table-intake.ts'
import type { TableMessage } from './table-message.ts'
import { ToldTable } from './told-table.ts'

const tableOf = (size: number): RoutingTable => ({
  ...emptyTable,
  revision: size as Revision,
  hosts: Array.from({ length: size }, (_, at) =>
    hostWith(`host-${String(at)}.example`, [routeTo('test/shop/80')]),
  ),
})

/** Messages about one host, two hosts, …: each is made for the table that the one before it makes. */
function messages(count: number): readonly TableMessage[] {
  const told = new ToldTable()
  const all = Array.from({ length: count }, (_, at) => told.tell(tableOf(at + 1)))
  return all.filter((message) => message !== undefined)
}

function intakeOf(publish: (revision: number) => void = () => undefined) {
  const seen = { published: [] as number[], relayed: 0, lost: [] as string[], logged: [] as string[] }
  const intake = new TableIntake({
    publish: ({ revision }) => {
      seen.published.push(revision)
      publish(revision)
    },
    relay: () => void seen.relayed++,
    log: createLog({
      format: 'json',
      level: 'info',
      write: (line) => seen.logged.push(line),
      now: () => new Date(0),
    }),
    lost: (problem) => seen.lost.push(problem),
  })
  return { intake, seen }
}

test('tables are published in the order in which they were told', async () => {
  const { intake, seen } = intakeOf()
  expect(intake.hasTable).toBe(false)
  for (const message of messages(3)) intake.take(message)
  await intake.first
  await until('all are there', () => seen.published.length === 3)
  expect(seen).toEqual({ published: [1, 2, 3], relayed: 3, lost: [], logged: [] })
  expect(intake.hasTable).toBe(true)
})

test('what follows a message for another table counts for nothing, until somebody begins anew', async () => {
  const { intake, seen } = intakeOf()
  const [, second, third] = messages(3)
  for (const message of [second, third]) if (message !== undefined) intake.take(message)
  await until('it is lost', () => seen.lost.length > 0)
  intake.restart()
  for (const message of messages(2)) intake.take(message)
  await until('what the next one says is there', () => seen.published.length === 2)
  expect(seen.lost).toEqual([expect.stringContaining('start again from a whole table')])
  expect(seen.relayed).toBe(2)
})

test('a table that cannot be used is logged and relayed; the first one is a reason not to start', async () => {
  const { intake, seen } = intakeOf((revision) => {
    if (revision === 2) throw new Error('no')
  })
  for (const message of messages(3)) intake.take(message)
  await until('the third is there', () => seen.published.includes(3))
  expect(seen.logged).toEqual([expect.stringContaining('a table cannot be used: the last one stays')])
  expect(seen.relayed).toBe(3)
  const unusable = intakeOf(() => {
    throw new Error('no')
  })
  for (const message of messages(1)) unusable.intake.take(message)
  await until('it is lost', () => unusable.seen.lost.length > 0)
  unusable.intake.giveUp(new Error(unusable.seen.lost[0]))
  await expect(unusable.intake.first).rejects.toThrow('no')
})

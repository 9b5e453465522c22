import { expect, test } from '@jest/globals'
import { emptyTable, type RoutingTable } from '@postern/routing-table'
import { createLog } from './log.ts'
import { watchProxyProtocol } from './watch-proxy-protocol.ts'

const withProxy = (proxyProtocol: boolean): RoutingTable => ({
  ...emptyTable,
  settings: { ...emptyTable.settings, proxyProtocol },
})

function watching() {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const log = createLog({ format: 'json', level: 'info', write, now: () => new Date(0) })
  return { lines, watch: watchProxyProtocol(log) }
}

test('a change of the PROXY protocol is said to need a restart, once', () => {
  const { lines, watch } = watching()
  for (const spoken of [true, true]) watch(withProxy(spoken))
  expect(lines).toEqual([])
  for (const spoken of [false, false]) watch(withProxy(spoken))
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', inForce: true, configured: false })
})

test('and again when it was taken back in between', () => {
  const { lines, watch } = watching()
  for (const spoken of [false, true, false, true]) watch(withProxy(spoken))
  expect(lines).toHaveLength(2)
})

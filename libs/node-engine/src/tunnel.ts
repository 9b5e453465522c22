import type { Duplex } from 'node:stream'
import type { RelayResult } from '@postern/exchange'
import { applyEdits, endToEnd } from './header-list.ts'
import type { NodeExchange } from './node-exchange.ts'
import type { UpgradedResponse } from './send-upgrade.ts'

const NOTHING: ReadonlySet<string> = new Set()

/** Passes the 101 on and joins both sockets until one side ends or neither sends a byte for `idleMs`. */
export async function tunnel(
  exchange: NodeExchange,
  from: UpgradedResponse,
  idleMs: number,
): Promise<RelayResult> {
  const client = exchange.client.request.socket
  const upstream = from.socket
  exchange.client.response.detachSocket(client)
  const lines = applyEdits(endToEnd(from.lines, NOTHING), exchange.responseEdits)
  lines.push('Connection', 'Upgrade', 'Upgrade', from.headers.get('upgrade') ?? exchange.upgrade ?? '')
  client.write(headOf(lines), 'latin1')
  if (from.early.length > 0) client.write(from.early)

  let bodyBytes = from.early.length
  upstream.on('data', (chunk: Buffer) => (bodyBytes += chunk.length))
  const complete = await join(client, upstream, idleMs)
  return { status: 101, bodyBytes, complete }
}

async function join(
  client: Duplex & { setTimeout(ms: number): unknown },
  upstream: Duplex,
  idleMs: number,
): Promise<boolean> {
  let complete = true
  const end = (isClean: boolean) => (): void => {
    complete &&= isClean
    client.destroy()
    upstream.destroy()
  }
  client.once('error', end(false))
  upstream.once('error', end(false))
  // Bytes in both directions pass the client's socket, so its clock sees them all.
  client.setTimeout(idleMs)
  client.once('timeout', end(true))
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.once('close', end(true))
  upstream.once('close', () => client.end())
  client.pipe(upstream)
  upstream.pipe(client)
  if (client.destroyed || upstream.destroyed) end(false)()
  await closed
  return complete
}

function headOf(lines: readonly string[]): string {
  let head = 'HTTP/1.1 101 Switching Protocols\r\n'
  for (let i = 0; i < lines.length; i += 2) head += `${lines[i] ?? ''}: ${lines[i + 1] ?? ''}\r\n`
  return `${head}\r\n`
}

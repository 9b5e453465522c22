// One of several processes that share the ports: serves as the primary tells it, and ends when the primary does.
import type { RoutingTable } from '@postern/routing-table'
import { createRelayedPlane, type RelayedPlane } from '../control-process/relayed-plane.ts'
import type { TableMessage } from '../control-process/table-message.ts'
import { createLog, type Log } from '../log.ts'
import type { LineWriter } from '../line-writer.ts'
import { logAccess } from '../log-access.ts'
import { startGateway, type Gateway } from '../serve.ts'
import type { ShownPage, ToPrimary, ToWorker } from './messages.ts'

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Runs until the primary says stop or is gone. */
export async function runWorker(out: LineWriter): Promise<void> {
  const tell = (message: ToPrimary): void => void process.send?.(message)
  // What follows the start at once must not be missed.
  let relayed: RelayedPlane | undefined
  const early: TableMessage[] = []
  process.on('message', (message: ToWorker) => {
    if (message.kind !== 'table') return
    if (relayed === undefined) early.push(message.message)
    else relayed.receive(message.message)
  })
  const start = await nextStart()
  const { settings, isSpokesman, whole } = start
  const log = isSpokesman
    ? createLog({
        format: settings.logFormat,
        level: settings.logLevel,
        write: (line) => out.put(line),
        now: () => new Date(),
      })
    : SILENT
  // The primary decides when to stop; a Ctrl-C reaches the whole group.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

  const plane = (publish: (table: RoutingTable) => void): RelayedPlane => {
    // Whoever starts again is given the whole.
    const lost = (problem: Error): void => {
      out.put(
        `${JSON.stringify({ level: 'error', msg: 'a worker starts again', problem: problem.message })}\n`,
      )
      out.flush()
      process.exit(1)
    }
    relayed = createRelayedPlane({ whole, publish, lost })
    for (const message of early.splice(0)) relayed.receive(message)
    return relayed
  }
  let gateway: Gateway
  try {
    gateway = await startGateway({ ...settings, admin: undefined }, log, logAccess(settings, out), {
      plane,
      reusePort: true,
    })
  } catch (error) {
    return tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  process.on('disconnect', end)
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') end()
    else if (message.kind === 'ping') tell({ kind: 'pong' })
    else if (message.kind === 'show')
      void shown(gateway, message.page).then((text) => tell({ kind: 'shown', id: message.id, text }))
  })
  tell({ kind: 'ready' })
  await over
  await gateway.stop()
}

function nextStart(): Promise<Extract<ToWorker, { kind: 'start' }>> {
  return new Promise((resolve) => {
    process.once('message', (message: ToWorker) => {
      if (message.kind === 'start') resolve(message)
    })
  })
}

async function shown({ pages }: Gateway, page: ShownPage): Promise<string> {
  return page === 'metrics' ? pages.metrics() : JSON.stringify(await pages[page]())
}

// One of several processes that share the ports: serves as the primary tells it, and ends when the primary does.
import { createLog, type Log } from '../log.ts'
import type { LineWriter } from '../line-writer.ts'
import { logAccess } from '../log-access.ts'
import { startGateway, type Gateway } from '../serve.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Runs until the primary says stop or is gone. */
export async function runWorker(out: LineWriter): Promise<void> {
  const tell = (message: ToPrimary): void => void process.send?.(message)
  const start = await nextStart()
  const { settings, isSpokesman, fallbackCertificate } = start
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

  let gateway: Gateway
  try {
    gateway = await startGateway({ ...settings, admin: undefined }, log, logAccess(settings, out), {
      fallbackCertificate,
      reusePort: true,
    })
  } catch (error) {
    return tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  process.on('disconnect', end)
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') end()
    else if (message.kind === 'refresh') gateway.refresh()
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

async function shown({ pages }: Gateway, page: 'metrics' | 'table' | 'diagnostics'): Promise<string> {
  return page === 'metrics' ? pages.metrics() : JSON.stringify(await pages[page]())
}

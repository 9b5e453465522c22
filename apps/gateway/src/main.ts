// The `postern` command: the process around the gateway — its output, its signals, its exit code.
import { formatAccess } from '@postern/data-plane'
import { LineWriter } from './line-writer.ts'
import { createLog } from './log.ts'
import { runProgram } from './program.ts'
import { startGateway } from './serve.ts'
import type { ServeSettings } from './settings.ts'

const out = new LineWriter((text) => process.stdout.write(text))

async function serve(settings: ServeSettings): Promise<void> {
  const { logFormat: format, logLevel: level } = settings
  const log = createLog({ format, level, write: (line) => out.put(line), now: () => new Date() })
  const logsAccess = level === 'debug' || level === 'info'
  const gateway = await startGateway(settings, log, (entry) => {
    if (logsAccess) out.put(`${formatAccess(entry, format)}\n`)
  })
  out.put(`${JSON.stringify({ msg: 'ready', ...gateway.addresses })}\n`)

  process.on('SIGHUP', () => gateway.refresh())
  const signal = await stopSignal()
  log.info('stopping', { signal, drainTimeoutMs: settings.drainTimeoutMs })
  await gateway.stop()
  log.info('stopped')
}

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let isStopping = false
    const stop = (signal: string): void => {
      if (isStopping) process.exit(1)
      isStopping = true
      resolve(signal)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

const code = await runProgram(process.argv.slice(2), serve)
out.flush()
// Nothing is left to do: what a library may still hold open must not keep the process.
process.exit(code ?? process.exitCode ?? 0)

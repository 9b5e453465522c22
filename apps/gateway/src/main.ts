// The `postern` command: the process around the gateway — its output, its signals, its exit code.
import { LineWriter } from './line-writer.ts'
import { logAccess } from './log-access.ts'
import { createLog } from './log.ts'
import { runProgram } from './program.ts'
import { startGateway } from './serve.ts'
import type { ServeSettings } from './settings.ts'
import { startWorkers } from './workers/primary.ts'
import { runWorker } from './workers/worker.ts'

const out = new LineWriter((text) => process.stdout.write(text))
// A gateway goes on serving when whoever read its log is gone.
process.stdout.on('error', () => undefined)

async function serve(settings: ServeSettings): Promise<void> {
  const { logFormat: format, logLevel: level } = settings
  const log = createLog({ format, level, write: (line) => out.put(line), now: () => new Date() })
  const gateway =
    settings.workers > 1
      ? await startWorkers(settings, log)
      : await startGateway(settings, log, logAccess(settings, out))
  out.put(`${JSON.stringify({ msg: 'ready', ...gateway.addresses })}\n`)

  process.on('SIGHUP', () => gateway.refresh())
  const signal = await Promise.race([stopSignal(), gateway.lost])
  log.info('stopping', { signal, drainTimeoutMs: settings.drainTimeoutMs })
  await gateway.stop()
  log.info('stopped')
  if (signal === undefined) process.exitCode = 1
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

const isWorker = process.argv[2] === 'worker' && process.send !== undefined
const code = isWorker ? await runWorker(out).then(() => 0) : await runProgram(process.argv.slice(2), serve)
out.flush()
// Nothing is left to do: what a library may still hold open must not keep the process.
process.exit(code ?? process.exitCode ?? 0)

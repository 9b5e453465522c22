// The `postern` command: the process around the gateway — its output, its signals, its exit code.
import { LineWriter } from './line-writer.ts'
import { createLog } from './log.ts'
import { runProgram } from './program.ts'
import type { ServeSettings } from './settings.ts'
import { tuneCollector } from './tune-collector.ts'

const out = new LineWriter(process.stdout, { onLost: tellLoss })
// A gateway goes on serving when whoever read its log is gone; the writer learns of it by the write that failed.
process.stdout.on('error', () => undefined)
// Nor does it end when what goes to standard error cannot be written, as on a full disk.
process.stderr.on('error', () => undefined)
// Also after an error that nobody caught.
process.on('exit', () => out.handOver())

// Standard output is not what is asked to tell that standard output was too slow.
function tellLoss(lines: number): void {
  process.stderr.write(
    `postern: standard output was read too slowly, or its disk was full: ${String(lines)} lines of the log are lost\n`,
  )
}

async function serve(settings: ServeSettings): Promise<void> {
  const { logFormat: format, logLevel: level } = settings
  const log = createLog({ format, level, write: (line) => out.put(line), now: () => new Date() })
  tuneCollector()
  // Loaded here, so that commands that serve nothing start without engines.
  const { logAccess } = await import('./log-access.ts')
  const gateway =
    settings.workers > 1
      ? await (await import('./workers/primary.ts')).startWorkers(settings, log)
      : await (await import('./serve.ts')).startGateway(settings, log, logAccess(settings, out))
  out.put(`${JSON.stringify({ msg: 'ready', ...gateway.addresses })}\n`)

  process.on('SIGHUP', (signal) => {
    // Manifests that say what they said before leave no other trace.
    log.info('reading the manifests again', { signal })
    gateway.refresh()
  })
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

async function work(): Promise<number> {
  tuneCollector()
  const { runWorker } = await import('./workers/worker.ts')
  await runWorker(out)
  return 0
}

const isWorker = process.argv[2] === 'worker' && process.send !== undefined
const code = isWorker ? await work() : await runProgram(process.argv.slice(2), serve)
// A reader that is stuck must not keep a gateway that has stopped.
await out.end(2_000)
// Nothing is left to do: what a library may still hold open must not keep the process.
process.exit(code ?? process.exitCode ?? 0)

// The process in which manifests are read, resolved and compiled, so that the serving loop does not feel it. It is started by
// `postern serve`, and all that it uses is given back when it ends.
import type { FromControl, ToControl } from './control-process/messages.ts'
import { runControlPlane } from './control-process/run-control-plane.ts'

if (process.send === undefined)
  throw new Error('control-process is started by `postern serve`, with a channel to it')
const send = (message: FromControl): void => void process.send?.(message)

// Whoever started it decides when it ends; a Ctrl-C reaches the whole group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())
process.on('uncaughtException', (error) => {
  process.send?.({ kind: 'failed', message: error.message } satisfies FromControl, () => process.exit(1))
})

process.once('message', (first: ToControl) => {
  if (first.kind !== 'start')
    throw new Error(`a control process is told to start first, not to ${first.kind}`)
  const hear = runControlPlane(send, first.data)
  process.on('message', (message: ToControl) => hear(message))
})

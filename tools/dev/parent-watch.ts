// Loaded into every process that `npm start` starts (node --import): when the starter dies, by whatever signal, the
// channel to it closes and the process stops as on SIGTERM. So no process and no port outlives `npm start`.
import { isMainThread } from 'node:worker_threads'

const GRACE_MS = 10_000

function stop(): void {
  setTimeout(() => process.exit(1), GRACE_MS).unref()
  process.kill(process.pid, 'SIGTERM')
}

if (isMainThread) {
  // The starter may be gone before this line is reached; then no event tells it any more.
  if (process.connected) process.on('disconnect', stop)
  else process.kill(process.pid, 'SIGKILL')
  process.channel?.unref()
}

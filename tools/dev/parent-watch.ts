// Loaded into every process that `npm start` starts (node --import): when the starter dies, by whatever signal, the
// channel to it closes and the process stops as on SIGTERM. So no process and no port outlives `npm start`.
import { isMainThread } from 'node:worker_threads'

const GRACE_MS = 10_000

if (isMainThread && process.channel) {
  process.on('disconnect', () => {
    setTimeout(() => process.exit(1), GRACE_MS).unref()
    process.kill(process.pid, 'SIGTERM')
  })
  process.channel.unref()
  // A grandchild would take the descriptor for its own channel.
  delete process.env['NODE_CHANNEL_FD']
}

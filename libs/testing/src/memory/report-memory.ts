// Loaded into an app (node --import) whose memory is watched: on the message `memory` it collects garbage and writes what is left.
import { setFlagsFromString } from 'node:v8'
import { isMainThread } from 'node:worker_threads'
import { runInNewContext } from 'node:vm'

function watch(): void {
  setFlagsFromString('--expose-gc')
  // Once: a context for each report would itself be kept for a while.
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('gc is not there, though --expose-gc was set')
  process.on('message', (message) => {
    if (message !== 'memory') return
    // The second collection takes what finalizers of the first let go.
    collect()
    collect()
    const { heapUsed, external, rss } = process.memoryUsage()
    process.stderr.write(`memory ${JSON.stringify({ heap: heapUsed + external, rss })}\n`)
  })
  process.channel?.unref()
}

if (isMainThread) watch()

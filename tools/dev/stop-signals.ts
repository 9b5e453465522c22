// What ends `npm start`: Ctrl-C, a signal, the terminal closing, or npm itself having died.

const PARENT_CHECK_MS = 500

/** Aborts, with the reason, when this process shall stop. A second signal calls `force`. */
export function stopSignal(force: () => void): AbortSignal {
  const controller = new AbortController()
  const ask = (reason: string): void => {
    if (controller.signal.aborted) force()
    else controller.abort(reason)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal))

  // npm runs scripts through a shell that need not pass signals on. When the shell is gone, this process has another
  // parent: that is the only trace a `kill` of npm leaves here.
  if (process.env['npm_lifecycle_event'] === undefined) return controller.signal
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    ask('npm is gone')
  }, PARENT_CHECK_MS)
  timer.unref()
  return controller.signal
}

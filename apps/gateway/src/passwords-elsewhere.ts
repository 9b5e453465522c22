import { Worker } from 'node:worker_threads'

/** What the thread is told; it answers whether they fit. */
export interface Compare {
  readonly password: string
  readonly hash: string
}

export interface PasswordsElsewhere {
  /** Asked for one after the other. Rejects when the thread ends over it. */
  readonly verify: (password: string, hash: string) => Promise<boolean>
  close(): Promise<void>
}

interface Running {
  readonly thread: Worker
  asked: PromiseWithResolvers<boolean>
}

/** Compares passwords on a thread of its own, which the first one starts; one that ended is started again by the next. */
export function passwordsElsewhere(start: () => Worker = startThread): PasswordsElsewhere {
  let running: Running | undefined

  const begin = (): Running => {
    const begun: Running = { thread: start(), asked: Promise.withResolvers() }
    const ended = (error: unknown): void => {
      if (running === begun) running = undefined
      begun.asked.reject(error)
    }
    // It alone is no reason to go on.
    begun.thread.unref()
    begun.thread.on('message', (fits: boolean) => begun.asked.resolve(fits))
    begun.thread.on('error', ended)
    begun.thread.on('exit', () => ended(new Error('the thread that compares passwords ended')))
    return begun
  }

  return {
    verify: (password, hash) => {
      running ??= begin()
      running.asked = Promise.withResolvers()
      running.thread.postMessage({ password, hash } satisfies Compare)
      return running.asked.promise
    },
    close: async () => {
      await running?.thread.terminate()
    },
  }
}

/** The bundle has the program beside itself. From source, Node has to be told where the sources of the workspace are. */
function startThread(): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  return new Worker(new URL(`./password-thread.${isSource ? 'ts' : 'js'}`, import.meta.url), {
    ...(isSource && { execArgv: ['--conditions=@postern/source', '--no-warnings'] }),
  })
}

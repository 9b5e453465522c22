import { requestJson, startApp, until, type AppProcess, type StartAppOptions } from '@postern/testing'

/** How to write, and when the process dies. */
export interface WriteOptions extends Pick<StartAppOptions, 'cwd' | 'env'> {
  readonly writers: number
  /** SIGKILL comes as soon as so many tasks were acknowledged in the round, in the middle of others. */
  readonly killAfter: number
  /** How often it is killed and started again on what it left; once unless given. */
  readonly rounds?: number
  /** Called after each kill, before the next start, with the number of the round from 1. */
  readonly afterKill?: (round: number) => Promise<void>
}

/** What the writers were promised, and what was there after the last restart. */
export interface Survivors {
  readonly acknowledged: readonly string[]
  readonly kept: ReadonlySet<string>
}

/** Starts tasks, writes from several clients at once, kills the process, starts it again, and at the end reads the list. */
export async function writeUntilKilled(options: WriteOptions): Promise<Survivors> {
  const { writers, killAfter, rounds = 1, afterKill, ...where } = options
  const start: StartAppOptions = { folder: 'apps/tasks', ...where }
  const acknowledged: string[] = []
  let app = await startApp(start)
  try {
    for (let round = 1; round <= rounds; round += 1) {
      acknowledged.push(...(await writeAndKill(app, writers, killAfter)))
      await afterKill?.(round)
      app = await startApp(start)
    }
    return { acknowledged, kept: await titlesOf(app.url) }
  } finally {
    await app.stop()
  }
}

/** Titles of the tasks that were acknowledged before the process was killed. */
async function writeAndKill(
  victim: AppProcess,
  writers: number,
  killAfter: number,
): Promise<readonly string[]> {
  const acknowledged: string[] = []
  let running = true
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; running; count += 1) {
      const title = `${process.hrtime.bigint()}-${writer}-${count}`
      const reply = await requestJson(`${victim.url}/tasks`, {
        token: 'abc',
        body: { title, text: 'x' },
      }).catch(() => undefined)
      if (reply === undefined) return
      if (reply.status === 201) acknowledged.push(title)
    }
  }
  const writing = Array.from({ length: writers }, (_, writer) => write(writer))
  try {
    await until(`${killAfter} tasks are acknowledged`, () => acknowledged.length >= killAfter, 60_000)
  } finally {
    await victim.stop('SIGKILL')
    running = false
    await Promise.all(writing)
  }
  return acknowledged
}

async function titlesOf(url: string): Promise<ReadonlySet<string>> {
  const titles = new Set<string>()
  for (let after: string | undefined = ''; after !== undefined;) {
    const reply = await requestJson(`${url}/tasks?limit=1000${after === '' ? '' : `&after=${after}`}`, {
      token: 'abc',
    })
    const { tasks, next } = reply.body as {
      readonly tasks: readonly { readonly title: string }[]
      readonly next?: string
    }
    for (const { title } of tasks) titles.add(title)
    after = next
  }
  return titles
}

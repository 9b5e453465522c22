import { requestJson, startApp, until, type StartAppOptions } from '@postern/testing'

/** How to write, and when the process dies. */
export interface WriteOptions extends Pick<StartAppOptions, 'cwd' | 'env'> {
  readonly writers: number
  /** SIGKILL comes as soon as so many tasks were acknowledged, in the middle of others. */
  readonly killAfter: number
}

/** What the writers were promised, and what was there after the restart. */
export interface Survivors {
  readonly acknowledged: readonly string[]
  readonly kept: ReadonlySet<string>
}

/** Starts tasks, writes from several clients at once, kills the process, starts it again and reads the list. */
export async function writeUntilKilled({ writers, killAfter, ...options }: WriteOptions): Promise<Survivors> {
  const start: StartAppOptions = { folder: 'apps/tasks', ...options }
  const acknowledged: string[] = []
  const victim = await startApp(start)
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
  await until(`${killAfter} tasks are acknowledged`, () => acknowledged.length >= killAfter, 60_000)
  await victim.stop('SIGKILL')
  running = false
  await Promise.all(writing)
  const again = await startApp(start)
  const kept = await titlesOf(again.url)
  await again.stop()
  return { acknowledged, kept }
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

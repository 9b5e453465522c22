import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApp, type AppProcess } from './start-app.ts'

/** The course's three services as processes that know each other, with a folder of their own. */
export interface Course {
  readonly auth: AppProcess
  readonly users: AppProcess
  readonly tasks: AppProcess
  /** The working folder of all three. */
  readonly folder: string
  /** Everything the three wrote to their logs. */
  output(): string
  /** Stops what still runs and removes the folder. */
  stop(): Promise<void>
}

/** How the services run. */
export interface CourseOptions {
  readonly demo: boolean
  /** For all three. */
  readonly env?: Readonly<Record<string, string>>
}

/** Hashing at a cost that suits a test: the cost is a setting, not what is tested. */
const CHEAP_HASHES = { APP_ENV: 'test', ARGON2_MEMORY_KIB: '64', ARGON2_PASSES: '1' }

/** Starts auth, tasks and users, each with the addresses of those it calls. */
export async function startCourse({ demo, env = {} }: CourseOptions): Promise<Course> {
  const folder = await mkdtemp(join(tmpdir(), 'course-'))
  const common = { ...CHEAP_HASHES, DEMO_MODE: demo ? '1' : '0', AUTH_TIMEOUT_MS: '20000', ...env }
  const started: AppProcess[] = []
  const start = async (name: string, more: Readonly<Record<string, string>> = {}): Promise<AppProcess> => {
    const app = await startApp({ folder: `apps/${name}`, cwd: folder, env: { ...common, ...more } })
    started.push(app)
    return app
  }
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((app) => app.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const auth = await start('auth')
    const address = { AUTH_ADDRESS: new URL(auth.url).host }
    const tasks = await start('tasks', address)
    const users = await start('users', { ...address, TASKS_ADDRESS: new URL(tasks.url).host })
    return { auth, users, tasks, folder, stop, output: () => started.map((app) => app.output()).join('') }
  } catch (error) {
    await stop()
    throw error
  }
}

import { callService, ServiceError } from './call-service.ts'
import { listTasks } from './list-tasks.ts'
import type { PageConfig } from './page-config.ts'
import { textOf, type Task, type TaskDraft } from './task.ts'

/** What a person types to sign up and to log in. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** The services behind the page, one function per action; every one throws {@link ServiceError}. */
export interface Services {
  /** Makes an account and returns the service's message. */
  signUp(credentials: Credentials): Promise<string>
  /** Returns a token. */
  logIn(credentials: Credentials): Promise<string>
  /** All tasks, the oldest first. */
  listTasks(token: string, signal?: AbortSignal): Promise<readonly Task[]>
  /** Stores a task and returns the service's message. */
  addTask(token: string, draft: TaskDraft): Promise<string>
}

/** Builds the calls for the addresses that the server gave. */
export function createServices({ apiBase, usersApiBase }: PageConfig, send: typeof fetch = fetch): Services {
  const post = (url: string, body: unknown, token?: string) =>
    callService({ method: 'POST', url, body, ...(token !== undefined && { token }) }, send)
  return {
    async signUp(credentials) {
      return textOf((await post(`${usersApiBase}/signup`, credentials))['message'])
    },
    async logIn(credentials) {
      const { token } = await post(`${usersApiBase}/login`, credentials)
      if (typeof token === 'string' && token !== '') return token
      throw new ServiceError(200, 'The server accepted the login but sent no token. Please try again later.')
    },
    listTasks: (token, signal) => listTasks({ url: `${apiBase}/tasks`, token, signal }, send),
    async addTask(token, draft) {
      return textOf((await post(`${apiBase}/tasks`, draft, token))['message'])
    },
  }
}

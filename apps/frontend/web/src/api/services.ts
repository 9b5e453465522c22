import { callService, ServiceError } from './call-service.ts'
import type { PageConfig } from './page-config.ts'

/** What a person types to sign up and to log in. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A task before it is stored. */
export interface TaskDraft {
  readonly title: string
  readonly text: string
}

/** A task as the service gives it. */
export interface Task extends TaskDraft {
  readonly id?: string
}

/** The services behind the page, one function per action; every one throws {@link ServiceError}. */
export interface Services {
  /** Makes an account and returns the service's message. */
  signUp(credentials: Credentials): Promise<string>
  /** Returns a token. */
  logIn(credentials: Credentials): Promise<string>
  listTasks(token: string, signal?: AbortSignal): Promise<readonly Task[]>
  /** Stores a task and returns the service's message. */
  addTask(token: string, draft: TaskDraft): Promise<string>
}

/** Builds the calls for the addresses that the server gave. */
export function createServices({ apiBase, usersApiBase }: PageConfig, send: typeof fetch = fetch): Services {
  const tasksUrl = `${apiBase}/tasks`
  return {
    async signUp(credentials) {
      const answer = await callService(
        { method: 'POST', url: `${usersApiBase}/signup`, body: credentials },
        send,
      )
      return textOf(answer['message'])
    },
    async logIn(credentials) {
      const { token } = await callService(
        { method: 'POST', url: `${usersApiBase}/login`, body: credentials },
        send,
      )
      if (typeof token === 'string' && token !== '') return token
      throw new ServiceError(200, 'The server accepted the login but sent no token. Please try again later.')
    },
    async listTasks(token, signal) {
      const call = { method: 'GET', url: tasksUrl, token, ...(signal && { signal }) } as const
      const { tasks } = await callService(call, send)
      if (Array.isArray(tasks)) return tasks.map(parseTask)
      throw new ServiceError(200, 'The server sent no list of tasks. Please try again later.')
    },
    async addTask(token, draft) {
      const answer = await callService({ method: 'POST', url: tasksUrl, token, body: draft }, send)
      return textOf(answer['message'])
    },
  }
}

function parseTask(value: unknown): Task {
  const { id, title, text } = (value ?? {}) as Record<string, unknown>
  return { title: textOf(title), text: textOf(text), ...(typeof id === 'string' && { id }) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

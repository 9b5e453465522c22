import { callService, ServiceError, type ServiceCall } from './call-service.ts'
import { listTasks } from './list-tasks.ts'
import type { PageConfig } from './page-config.ts'
import { textOf, type Task, type TaskChange, type TaskDraft, type TaskVersion } from './task.ts'
import { withRenewal } from './with-renewal.ts'

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
  /** Takes up the session of an earlier visit, which a cookie keeps out of every script's reach. */
  resume(): Promise<{ readonly token: string; readonly email: string }>
  /** Ends the session here and at the service. */
  logOut(): Promise<void>
  /** Ends all sessions of the account, this one too; refused when this one is over. */
  logOutEverywhere(): Promise<void>
  /** All tasks, the oldest first. */
  listTasks(token: string, signal?: AbortSignal): Promise<readonly Task[]>
  /** Stores a task and returns the service's message. */
  addTask(token: string, draft: TaskDraft): Promise<string>
  /** Edits or ticks that version of a task and returns the service's message; one that changed meanwhile is left alone. */
  changeTask(token: string, task: TaskVersion, change: TaskChange): Promise<string>
  /** Deletes that version of a task and returns the service's message. */
  deleteTask(token: string, task: TaskVersion): Promise<string>
}

/** Builds the calls for the addresses that the server gave. */
export function createServices({ apiBase, usersApiBase }: PageConfig, send: typeof fetch = fetch): Services {
  const post = (url: string, body: unknown, token?: string) =>
    callService({ method: 'POST', url, body, ...(token !== undefined && { token }) }, send)
  const tokenFrom = async (url: string, body?: unknown): Promise<string> => {
    const { token } = await post(url, body)
    if (typeof token === 'string' && token !== '') return token
    throw new ServiceError(200, 'The server accepted the login but sent no token. Please try again later.')
  }
  const refresh = () => tokenFrom(`${usersApiBase}/refresh`)
  const renewed = withRenewal(refresh)
  const toTask = async (
    token: string,
    { id, version }: TaskVersion,
    call: Pick<ServiceCall, 'method' | 'body'>,
  ) => {
    const url = `${apiBase}/tasks/${encodeURIComponent(id)}`
    const answer = await renewed(token, (current) =>
      callService({ ...call, url, token: current, ifMatch: `"${version}"` }, send),
    )
    return textOf(answer['message'])
  }
  return {
    async signUp(credentials) {
      return textOf((await post(`${usersApiBase}/signup`, credentials))['message'])
    },
    logIn: (credentials) => tokenFrom(`${usersApiBase}/login`, credentials),
    async resume() {
      const token = await refresh()
      const { email } = await callService({ method: 'GET', url: `${usersApiBase}/me`, token }, send)
      return { token, email: textOf(email) }
    },
    async logOut() {
      await post(`${usersApiBase}/logout`, undefined)
    },
    async logOutEverywhere() {
      await post(`${usersApiBase}/logout`, { everywhere: true })
    },
    listTasks: (token, signal) =>
      renewed(token, (current) => listTasks({ url: `${apiBase}/tasks`, token: current, signal }, send)),
    async addTask(token, draft) {
      const answer = await renewed(token, (current) => post(`${apiBase}/tasks`, draft, current))
      return textOf(answer['message'])
    },
    changeTask: (token, task, body) => toTask(token, task, { method: 'PATCH', body }),
    deleteTask: (token, task) => toTask(token, task, { method: 'DELETE' }),
  }
}

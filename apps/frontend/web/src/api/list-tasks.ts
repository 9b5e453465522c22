import { callService, ServiceError } from './call-service.ts'
import { parseTask, textOf, type Task } from './task.ts'

/** Whose tasks, and where. */
export interface ListRequest {
  readonly url: string
  readonly token: string
  readonly signal: AbortSignal | undefined
}

/** Reads all tasks in the order they were added: a long list comes in pages, each naming the task after which the next begins. */
export async function listTasks(request: ListRequest, send: typeof fetch): Promise<readonly Task[]> {
  const tasks: Task[] = []
  let next: string | undefined
  do {
    const page = await readPage(request, next, send)
    tasks.push(...page.tasks)
    next = page.next
  } while (next !== undefined)
  return tasks
}

async function readPage({ url, token, signal }: ListRequest, after: string | undefined, send: typeof fetch) {
  const query = `?view=full${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`
  const call = { method: 'GET', url: url + query, token, ...(signal && { signal }) } as const
  const { tasks, next } = await callService(call, send)
  if (!Array.isArray(tasks)) {
    throw new ServiceError(200, 'The server sent no list of tasks. Please try again later.')
  }
  return { tasks: tasks.map(parseTask), next: textOf(next) || undefined }
}

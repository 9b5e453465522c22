import type { Page, TaskStore } from './task-store.ts'
import type { Task } from './task.ts'

/** One page of a list. */
export interface TaskPage {
  readonly tasks: readonly Task[]
  /** The id after which the next page begins; undefined on the last. */
  readonly next: string | undefined
}

/** Read at once: at the longest tasks a few megabytes. */
const BATCH = 100
/**
 * Characters on a page. A thousand of the longest tasks are sixty megabytes of JSON, and a few clients that ask for them at once would
 * take all the memory that a service is granted.
 */
const LONGEST_PAGE = 500_000

/** Reads tasks until the page is as long as wanted, or as long as a page may be; a page that is not the last has one at least. */
export async function readPage(
  store: Pick<TaskStore, 'list'>,
  uid: string,
  { limit, after }: Page,
): Promise<TaskPage> {
  const tasks: Task[] = []
  let length = 0
  for (;;) {
    const from = tasks.at(-1)?.id ?? after
    // One more than wanted tells whether there is another page.
    const asked = Math.min(BATCH, limit + 1 - tasks.length)
    const batch = await store.list(uid, { limit: asked, ...(from !== undefined && { after: from }) })
    for (const task of batch) {
      length += task.title.length + task.text.length
      const full = tasks.length === limit || (length > LONGEST_PAGE && tasks.length > 0)
      if (full) return { tasks, next: tasks.at(-1)?.id }
      tasks.push(task)
    }
    if (batch.length < asked) return { tasks, next: undefined }
  }
}

import type { TaskView } from '@postern/contracts'
import type { Task } from './task.ts'

/** What a client sees of a task: title and text as the course prints them, everything when it asks for `view=full`. */
export function presentTask(task: Task, view: 'full' | undefined): TaskView {
  const { title, text, id, done, version, createdAt } = task
  return view === 'full' ? { title, text, id, done, version, createdAt } : { title, text }
}

/** The strong entity tag of a task (RFC 9110 §8.8.3). */
export function entityTag({ version }: Pick<Task, 'version'>): string {
  return `"${version}"`
}

/** A task before it is stored. */
export interface TaskDraft {
  readonly title: string
  readonly text: string
}

/** Names one version of a stored task: what a change was meant for. */
export interface TaskVersion {
  readonly id: string
  /** Counts the changes, from 1. */
  readonly version: number
}

/** A task as the service gives it. */
export interface Task extends TaskDraft {
  readonly done: boolean
  /** Absent when the service tells only the words: then the task can be read and not changed. */
  readonly stored?: TaskVersion
}

/** What of a task is to become different. */
export interface TaskChange extends Partial<TaskDraft> {
  readonly done?: boolean
}

/** Reads one task of a list; what is no text is shown as none. */
export function parseTask(value: unknown): Task {
  const { id, title, text, done, version } = (value ?? {}) as Record<string, unknown>
  const named = typeof id === 'string' && typeof version === 'number'
  return {
    title: textOf(title),
    text: textOf(text),
    done: done === true,
    ...(named && { stored: { id, version } }),
  }
}

/** The value when it is text, else none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

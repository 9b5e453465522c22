/** A task before it is stored. */
export interface TaskDraft {
  readonly title: string
  readonly text: string
}

/** A task as the service gives it. */
export interface Task extends TaskDraft {
  readonly id?: string
}

/** Reads one task of a list; what is no text is shown as none. */
export function parseTask(value: unknown): Task {
  const { id, title, text } = (value ?? {}) as Record<string, unknown>
  return { title: textOf(title), text: textOf(text), ...(typeof id === 'string' && { id }) }
}

/** The value when it is text, else none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

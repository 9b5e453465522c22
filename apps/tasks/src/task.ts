import type { TaskChange, TaskText } from '@postern/contracts'
import { createHash, randomBytes } from 'node:crypto'

/** One thing to do. */
export interface Task extends TaskText {
  /** Sorts by the time of creation. */
  readonly id: string
  /** Whose it is; nobody else sees it. */
  readonly uid: string
  readonly done: boolean
  /** Grows by one with each change; the task's entity tag. */
  readonly version: number
  /** ISO 8601. */
  readonly createdAt: string
}

export type { TaskChange }

/** Makes ids of 26 hexadecimal digits: milliseconds, a counter within one, and chance, so that they sort as they were made. */
export function createTaskIds(clock: () => number = Date.now): () => string {
  let lastMs = 0
  let counter = 0
  return () => {
    const nowMs = Math.max(clock(), lastMs)
    counter = nowMs === lastMs ? counter + 1 : 0
    lastMs = nowMs
    return `${hex(nowMs, 12)}${hex(counter, 6)}${randomBytes(4).toString('hex')}`
  }
}

/** The id of a task of the original's file: it depends on the task alone, and sorts before every other id. */
export function oldTaskId(index: number, { title, text }: TaskText): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([title, text]))
    .digest('hex')
  return `${hex(0, 12)}${hex(index, 6)}${digest.slice(0, 8)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

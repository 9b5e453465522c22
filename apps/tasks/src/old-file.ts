import { TaskText } from '@postern/contracts'
import { Value } from 'typebox/value'

/** What the original wrote after each record (contract 2.1). */
const SEPARATOR = 'TASK_SPLIT'
/** How many pieces one record may have been cut into; bounds the work that a damaged file causes. */
const MOST_PIECES = 16

/** The records of an original `tasks.txt`. */
export interface OldFile {
  readonly tasks: readonly TaskText[]
  /** Pieces that are no task, as they stand in the file. */
  readonly damaged: readonly string[]
}

/**
 * Reads the original's file: compact JSON records, each followed by the separator. A task whose own text holds the
 * separator was cut in pieces by the original and stopped it for good (W11); neighbouring pieces that fit together again are joined.
 */
export function parseOldFile(content: string): OldFile {
  const tasks: TaskText[] = []
  const damaged: string[] = []
  const pieces = content.split(SEPARATOR)
  for (let start = 0; start < pieces.length;) {
    const whole = firstWhole(pieces.slice(start, start + MOST_PIECES))
    if (whole !== undefined) tasks.push(whole.task)
    else if (pieces[start]?.trim() !== '') damaged.push(pieces[start] ?? '')
    start += whole?.length ?? 1
  }
  return { tasks, damaged }
}

/** The shortest run of pieces from the first on that is a task when joined. */
function firstWhole(
  pieces: readonly string[],
): { readonly task: TaskText; readonly length: number } | undefined {
  for (let length = 1; length <= pieces.length; length += 1) {
    const task = readTask(pieces.slice(0, length))
    if (task !== undefined) return { task, length }
  }
  return undefined
}

function readTask(pieces: readonly string[]): TaskText | undefined {
  try {
    const value: unknown = JSON.parse(pieces.join(SEPARATOR))
    if (!Value.Check(TaskText, value)) return undefined
    return { title: value.title, text: value.text }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

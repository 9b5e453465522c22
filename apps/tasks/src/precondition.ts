import { messages } from '@postern/contracts'
import { HttpProblem } from '@postern/service'
import type { TaskStore, Versions } from './task-store.ts'

const ENTITY_TAGS = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*$/

/**
 * Reads `If-Match` (RFC 9110 §13.1.1) as the versions that a change is meant for: absent and `*` are any. A weak tag
 * never matches, as the comparison is the strong one.
 *
 * @throws HttpProblem 400 when it is no list of entity tags.
 */
export function readIfMatch(header: string | undefined): Versions {
  const text = header?.trim() ?? ''
  if (text === '' || text === '*') return 'any'
  if (!ENTITY_TAGS.test(text)) {
    const message = 'If-Match takes the ETag of the task, for example "3".'
    throw new HttpProblem(400, 'malformed-if-match', message, {
      errors: [{ field: 'headers.if-match', message }],
    })
  }
  const strong = text.split(',').map((tag) => /^"([1-9]\d{0,8})"$/.exec(tag.trim())?.[1])
  // Versions begin at 1: 0 stands for a tag that is not ours and matches nothing.
  return strong.map((version) => Number(version ?? 0))
}

/**
 * Whether `If-None-Match` (RFC 9110 §13.1.2) says that the client has this version; the comparison is the weak one. What is no
 * list of entity tags names none.
 */
export function isKnown(header: string | undefined, version: number): boolean {
  const text = header?.trim() ?? ''
  if (text === '*') return true
  return (
    ENTITY_TAGS.test(text) && text.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${version}"`)
  )
}

/** Says why a change met no task: 412 when it is there with another version (RFC 9110 §15.5.13), else 404. */
export async function refusedChange(store: TaskStore, uid: string, id: string): Promise<HttpProblem> {
  const there = (await store.find(uid, id)) !== undefined
  return there
    ? new HttpProblem(412, 'task-outdated', messages.taskOutdated)
    : new HttpProblem(404, 'task-not-found', messages.taskNotFound)
}

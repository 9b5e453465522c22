import type { FastifyBaseLogger } from 'fastify'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseOldFile } from './old-file.ts'
import type { TaskStore } from './task-store.ts'

/** The original kept one list for everybody; it goes to the account of the course's constant token. */
const OWNER = 'u1'

/**
 * Takes over the original's `tasks.txt` once: tasks into the store, what is damaged into `tasks.txt.damaged`, the
 * file itself aside as `tasks.txt.imported`. A crash on the way repeats the import without doubling anything.
 */
export async function importOldFile(folder: string, store: TaskStore, log: FastifyBaseLogger): Promise<void> {
  const file = join(folder, 'tasks.txt')
  if (!existsSync(file)) return
  const { tasks, damaged } = parseOldFile(readFileSync(file, 'utf8'))
  await store.addOld(OWNER, tasks)
  if (damaged.length > 0) {
    writeFileSync(`${file}.damaged`, damaged.map((piece) => `${JSON.stringify(piece)}\n`).join(''))
    log.warn(
      `${file}: ${damaged.length} damaged records are kept in tasks.txt.damaged, one JSON string per line`,
    )
  }
  renameSync(file, `${file}.imported`)
  log.info(`${file}: ${tasks.length} tasks imported for the account ${OWNER}`)
}

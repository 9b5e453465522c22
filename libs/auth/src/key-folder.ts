import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { parseSigningKey, type SigningKey } from './signing-key.ts'

/**
 * Keys as files: `20261120T231000000Z.pem`, PKCS #8, readable by their owner only; the name says when the key was made. The first is
 * called `first.pem`, and a line before the key says when.
 */
export interface KeyFolder {
  read(): readonly SigningKey[]
  add(key: SigningKey): void
  /** Adds the key unless another process was faster to add the first one; {@link read} then gives everybody the same. */
  addFirst(key: SigningKey): void
  remove(key: SigningKey): void
}

/** A key file that cannot be used. Services treat it like every other setting that cannot be used. */
export class KeyFileError extends Error {
  override readonly name = 'SettingsError'
}

const FILE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.pem$/
const FIRST_FILE = 'first.pem'
/** RFC 7468 §2 lets text stand before the key; its readers skip it. */
const FIRST_DATE = /^Made-At: (\S+)\n/

/** Opens a folder of keys and makes it if it is not there; files with other names are left alone. */
export function openKeyFolder(folder: string): KeyFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = () => readdirSync(folder).flatMap((name) => readKey(folder, name))
  return {
    read: () => files().map(({ key }) => key),
    add: (key) => {
      const file = join(folder, fileName(key))
      renameSync(writeUnfinished(file, key.privatePem), file)
    },
    addFirst: (key) => {
      const file = join(folder, FIRST_FILE)
      const text = `Made-At: ${key.createdAt.toISOString()}\n${key.privatePem}`
      claim(writeUnfinished(file, text), file)
    },
    remove: ({ kid }) => {
      for (const { key, file } of files()) if (key.kid === kid) rmSync(file, { force: true })
    },
  }
}

interface KeyFile {
  readonly key: SigningKey
  readonly file: string
}

function readKey(folder: string, name: string): readonly KeyFile[] {
  if (name !== FIRST_FILE && !FILE.test(name)) return []
  const file = join(folder, name)
  try {
    const text = readFileSync(file, 'utf8')
    return [{ file, key: parseSigningKey(text, madeAt(name, text)) }]
  } catch (error) {
    // Another replica has just dropped an old key.
    if (codeOf(error) === 'ENOENT') return []
    const reason = error instanceof Error ? error.message : String(error)
    throw new KeyFileError(
      `${file} holds no usable key: ${reason}. Put the right file back, or remove it to log everybody out`,
    )
  }
}

function madeAt(name: string, text: string): Date {
  const [, year, month, day, hour, minute, second, milliseconds] = FILE.exec(name) ?? []
  const written =
    year === undefined
      ? FIRST_DATE.exec(text)?.[1]
      : `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`
  const date = new Date(written ?? NaN)
  if (Number.isNaN(date.getTime()))
    throw new Error('expected a first line like Made-At: 2026-11-20T23:10:00.000Z')
  return date
}

function fileName(key: SigningKey): string {
  return `${key.createdAt.toISOString().replace(/[-:.]/g, '')}.pem`
}

/**
 * Writes the whole file under another name and gives that: a crash leaves no half of a key under the right one. Nobody else has that name;
 * a process id would not do, as replicas in containers are all number 1.
 */
function writeUnfinished(file: string, text: string): string {
  const unfinished = `${file}.${randomUUID()}.tmp`
  const handle = openSync(unfinished, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return unfinished
}

/** Gives a finished file its name, unless there is one already: a link is made whole or not at all, and by one process only. */
function claim(unfinished: string, file: string): void {
  try {
    linkSync(unfinished, file)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return
    // Some network volumes have no links; there, replicas should not start for the first time at once.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(String(codeOf(error)))) throw error
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
}

function codeOf(error: unknown): unknown {
  return (error as Partial<NodeJS.ErrnoException> | undefined)?.code
}

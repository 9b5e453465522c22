import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseSigningKey, type SigningKey } from './signing-key.ts'

/** Keys as files: `20261120T231000000Z.pem`, PKCS #8, readable by their owner only; the name says when the key was made. */
export interface KeyFolder {
  read(): readonly SigningKey[]
  add(key: SigningKey): void
  remove(key: SigningKey): void
}

/** A key file that cannot be used. Services treat it like every other setting that cannot be used. */
export class KeyFileError extends Error {
  override readonly name = 'SettingsError'
}

const FILE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.pem$/

/** Opens a folder of keys and makes it if it is not there; files with other names are left alone. */
export function openKeyFolder(folder: string): KeyFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    read: () => readdirSync(folder).flatMap((name) => readKey(folder, name)),
    add: (key) => {
      writeSafely(join(folder, fileName(key)), key.privatePem)
    },
    remove: (key) => {
      rmSync(join(folder, fileName(key)), { force: true })
    },
  }
}

function readKey(folder: string, name: string): readonly SigningKey[] {
  const match = FILE.exec(name)
  if (match === null) return []
  const [, year, month, day, hour, minute, second, milliseconds] = match
  const createdAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`)
  const file = join(folder, name)
  try {
    return [parseSigningKey(readFileSync(file, 'utf8'), createdAt)]
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new KeyFileError(
      `${file} holds no usable key: ${reason}. Put the right file back, or remove it to log everybody out`,
    )
  }
}

function fileName(key: SigningKey): string {
  return `${key.createdAt.toISOString().replace(/[-:.]/g, '')}.pem`
}

/** A crash leaves the whole file or none. */
function writeSafely(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.tmp`
  const handle = openSync(unfinished, 'w', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(unfinished, file)
}

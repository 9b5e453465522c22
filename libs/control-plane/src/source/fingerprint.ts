import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'

/** What tells that a file was written, replaced or swapped for another, short of reading it. */
export function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

/** The stamp of a file as it is now, or why it has none; undefined when there is no such file. */
export async function readStamp(file: string): Promise<string | undefined> {
  try {
    return stampOf(await stat(file, { bigint: true }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? undefined : `! ${String(code)}`
  }
}

/** One number for a set of files and their stamps, in any order: another set has another one, but for chance. */
export class Fingerprint {
  #high = 0
  #low = 0

  add(file: string, stamp: string): void {
    let [high, low] = [0x9e3779b9, 0x85ebca6b]
    const text = `${file}\n${stamp}`
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i)
      high = Math.imul(high ^ code, 0x01000193)
      low = Math.imul(low ^ code, 0x5bd1e995) ^ (low >>> 15)
    }
    this.#high = (this.#high + high) >>> 0
    this.#low = (this.#low + low) >>> 0
  }

  toString(): string {
    return `${this.#high.toString(16)}-${this.#low.toString(16)}`
  }
}

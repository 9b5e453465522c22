import { accessLineRoom, formatAccess, writeAccessLine, type AccessEntry } from '@postern/data-plane'
import { CHUNK_BYTES, type LineWriter } from './line-writer.ts'
import type { ServeSettings } from './settings.ts'

/** Writes access lines in the form that was asked for; they weigh as much as `info`. */
export function logAccess(
  { logFormat, logLevel }: ServeSettings,
  out: LineWriter,
): (entry: AccessEntry) => void {
  if (logLevel === 'warn' || logLevel === 'error') return () => undefined
  const asText = (entry: AccessEntry): void => out.gather(`${formatAccess(entry, logFormat)}\n`)
  if (logFormat !== 'json') return asText
  return (entry) => {
    const room = accessLineRoom(entry) + 1
    // What might not fit into a buffer is measured first: it seldom takes the room that it could.
    if (room > CHUNK_BYTES) asText(entry)
    else out.gatherBytes(entry, room, writeLine)
  }
}

const LINE_FEED = 0x0a

function writeLine(entry: AccessEntry, bytes: Buffer, start: number): number {
  const at = writeAccessLine(entry, bytes, start)
  bytes[at] = LINE_FEED
  return at + 1
}

import { isWord } from '../bytes/words.ts'

/** What a received field means to the engine. `ORDINARY` fields pass untouched; every other one ends here and is written anew. */
export const ORDINARY = 0
export const HOST = 1
export const CONTENT_LENGTH = 2
export const TRANSFER_ENCODING = 3
export const CONNECTION = 4
export const UPGRADE = 5
export const EXPECT = 6
export const TE = 7
export const KEEP_ALIVE = 8
/** RFC 9110 §7.6.1 and the fields that older proxies treat alike: they belong to one connection. */
export const HOP_BY_HOP = 9
/** Named by the `Connection` field. */
export const NAMED_BY_CONNECTION = 10

/** The code of a field name; the length alone excludes nearly every name. */
export function fieldCode(bytes: Uint8Array, start: number, end: number): number {
  switch (end - start) {
    case 2:
      return isWord(bytes, start, end, 'te') ? TE : ORDINARY
    case 4:
      return isWord(bytes, start, end, 'host') ? HOST : ORDINARY
    case 6:
      return isWord(bytes, start, end, 'expect') ? EXPECT : ORDINARY
    case 7:
      return isWord(bytes, start, end, 'upgrade') ? UPGRADE : ORDINARY
    case 10:
      if (isWord(bytes, start, end, 'connection')) return CONNECTION
      return isWord(bytes, start, end, 'keep-alive') ? KEEP_ALIVE : ORDINARY
    case 14:
      if (isWord(bytes, start, end, 'content-length')) return CONTENT_LENGTH
      return isWord(bytes, start, end, 'http2-settings') ? HOP_BY_HOP : ORDINARY
    case 16:
      return isWord(bytes, start, end, 'proxy-connection') ? HOP_BY_HOP : ORDINARY
    case 17:
      return isWord(bytes, start, end, 'transfer-encoding') ? TRANSFER_ENCODING : ORDINARY
    case 18:
      return isWord(bytes, start, end, 'proxy-authenticate') ? HOP_BY_HOP : ORDINARY
    case 19:
      return isWord(bytes, start, end, 'proxy-authorization') ? HOP_BY_HOP : ORDINARY
    default:
      return ORDINARY
  }
}

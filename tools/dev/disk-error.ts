import { StartError } from './wait-until-ready.ts'

const ELSEWHERE = 'or keep everything in a folder of your own: npm start -- --state FOLDER'

const RIGHTS = `it belongs to another user (an earlier start with sudo?) or the disk is read-only; take it over with chown, ${ELSEWHERE}`

const REASONS: Readonly<Record<string, string>> = {
  EACCES: `this user may not read or write it: ${RIGHTS}`,
  EPERM: `this user may not change it: ${RIGHTS}`,
  EROFS: `it cannot be written: ${RIGHTS}`,
  ENOENT: 'there is no such file or folder; look at --ingress and --state',
  ENOTDIR: 'a part of this path is a file where a folder is needed',
  EISDIR: 'it is a folder where a file is needed',
  EEXIST: 'it is there already, and not what is needed',
  ENOSPC: `the disk is full: free some space, ${ELSEWHERE}`,
  EDQUOT: `this user's share of the disk is full: free some space, ${ELSEWHERE}`,
}

/** A start that the file system stopped, in words; anything else stays what it is, with its stack. */
export function asDiskError(step: string, error: unknown): unknown {
  const { code, path } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  const reason = REASONS[code ?? '']
  if (reason === undefined || path === undefined) return error
  return new StartError(`${step}: ${path}: ${reason}`, { cause: error })
}

import type { Diagnostic } from '../diagnostic.ts'

// What a listing could not see. A path that is named, or a link that stands there, is meant to be there: what it led to
// stays in force until it can be seen again, as the objects of a file that broke do.

const KEPT = 'until then its last good objects stay in force'

export function missingPath(path: string, isKept: boolean): Diagnostic {
  const fix = 'give --manifests a file or folder that exists; it is read as soon as it appears'
  return finding(
    'file-missing',
    'there is no such file or folder',
    isKept ? `${fix}, and ${KEPT}` : fix,
    path,
  )
}

export function cannotList(error: unknown): (path: string, isKept: boolean) => Diagnostic {
  const message = `this path cannot be read: ${error instanceof Error ? error.message : String(error)}`
  return (path, isKept) => finding('file-unreadable', message, fixOf('make it readable', isKept), path)
}

export function leadsNowhere(kind: unknown): (path: string, isKept: boolean) => Diagnostic {
  const why = kind instanceof Error ? `cannot be followed: ${kind.message}` : 'leads to no file'
  return (path, isKept) =>
    finding('file-unreadable', `this link ${why}`, fixOf('correct or remove it', isKept), path)
}

const fixOf = (fix: string, isKept: boolean): string => (isKept ? `${fix}; ${KEPT}` : fix)

function finding(code: string, message: string, fix: string, file: string): Diagnostic {
  return { severity: 'error', code, message, fix, file }
}

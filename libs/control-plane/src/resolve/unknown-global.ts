import { CONTROLLER_NO_OPS, CONTROLLER_NOT_YET } from '../annotations/controller.ts'
import { didYouMean } from '../did-you-mean.ts'
import type { Note } from '../parse/notes.ts'

/** What to say of a key of the ConfigMap that has no reader here; `known` are those that have. */
export function unknownGlobal(name: string, known: readonly string[]): Note {
  if (/^block-/.test(name)) {
    return {
      code: 'configmap-not-yet',
      message: 'is not supported yet, so nobody is blocked by it',
      fix:
        name === 'block-cidrs'
          ? 'write denylist-source-range, which holds for every Ingress without one of its own'
          : 'block them in front of the gateway, and remove it',
    }
  }
  if (CONTROLLER_NOT_YET.test(name)) {
    const message = 'is not supported yet, so it says nothing'
    return { severity: 'warning', code: 'configmap-not-yet', message, fix: 'remove it, or do without' }
  }
  if (CONTROLLER_NO_OPS.test(name)) {
    return {
      severity: 'info',
      code: 'configmap-no-op',
      message: 'accepted without effect: it tunes nginx, or has a command line flag here',
    }
  }
  if (/-snippet$|^lua-|modsecurity|owasp/.test(name)) {
    return {
      code: 'configmap-refused',
      message: 'is refused: nginx configuration and firewalls are not executed here',
      fix: 'remove it, and see docs/compatibility.md',
    }
  }
  const near = didYouMean(name, known)
  const fix =
    near === undefined ? 'remove it; docs/annotations.md lists what is known' : `did you mean ${near}?`
  return {
    severity: 'warning',
    code: 'configmap-unknown',
    message: 'is not known here, so it says nothing',
    fix,
  }
}

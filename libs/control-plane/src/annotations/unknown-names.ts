import { didYouMean } from '../did-you-mean.ts'
import { PREFIX } from './features.ts'
import type { Findings } from './findings.ts'
import { KNOWN_KEYS, OWN_KEYS } from './known-keys.ts'
import { RETIRED_KEYS } from './retired-keys.ts'

/** A name behind our prefix that nobody knows. */
export function noteUnknown(key: string, findings: Findings): void {
  const retired = RETIRED_KEYS.find(({ pattern }) => pattern.test(key))
  if (retired !== undefined) {
    findings.add(PREFIX + key, {
      severity: 'warning',
      code: 'annotation-retired',
      message: `says nothing: ${retired.because}`,
      fix: retired.fix,
    })
    return
  }
  const near = didYouMean(key, KNOWN_KEYS.keys())
  findings.add(PREFIX + key, {
    severity: 'warning',
    code: 'annotation-unknown',
    message: 'there is no such annotation, so it says nothing (ingress-nginx ignores it silently)',
    fix: near === undefined ? 'remove it; docs/annotations.md lists all names' : `did you mean ${near}?`,
  })
}

/** A name behind the prefix of our own annotations that nobody knows. */
export function noteUnknownOwn(name: string, findings: Findings): void {
  const near = didYouMean(name, OWN_KEYS)
  findings.add(name, {
    severity: 'warning',
    code: 'annotation-unknown',
    message: 'there is no such annotation, so it says nothing',
    fix: near === undefined ? 'remove it; docs/annotations.md lists all names' : `did you mean ${near}?`,
  })
}

/**
 * A name behind another prefix: nginx.org/… is the other NGINX controller's; a forgotten or misspelt prefix is the
 * commonest slip of all. Everybody else's annotations are none of our business.
 */
export function noteOtherPrefix(name: string, findings: Findings): void {
  const [prefix = '', key = ''] = name.includes('/') ? name.split('/', 2) : ['', name]
  const ours = PREFIX.slice(0, -1)
  const isOther = prefix === 'nginx.org' || prefix === 'nginx.com'
  const slip =
    !isOther &&
    prefix !== ours &&
    (prefix === '' || didYouMean(prefix, [ours]) !== undefined) &&
    KNOWN_KEYS.has(key)
  if (slip) {
    findings.add(name, {
      severity: 'warning',
      code: 'annotation-prefix',
      message: `says nothing under this prefix`,
      fix: `did you mean ${PREFIX}${key}?`,
    })
  } else if (isOther) {
    const message = 'is read by the NGINX Ingress Controller of F5 only, not by ingress-nginx nor here'
    findings.add(name, {
      severity: 'warning',
      code: 'annotation-prefix',
      message,
      ...fixOfOther(key),
    })
  }
}

function fixOfOther(key: string): { readonly fix?: string } {
  if (KNOWN_KEYS.has(key)) return { fix: `here it is ${PREFIX}${key}` }
  const retired = RETIRED_KEYS.find(({ pattern }) => pattern.test(key))
  return retired === undefined ? {} : { fix: retired.fix }
}

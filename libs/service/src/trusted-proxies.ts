import { isIP } from 'node:net'
import { SettingsError } from './settings-error.ts'

// Fastify knows these words: 127.0.0.0/8 and ::1; 169.254.0.0/16 and fe80::/10; the private ranges and fc00::/7.
const WORDS: readonly string[] = ['loopback', 'linklocal', 'uniquelocal']

const EXPECTED = `IP addresses, ranges such as 10.0.0.0/8, or ${WORDS.join(', ')}, separated by commas`

/** Reads `TRUST_PROXY`. Absent, nobody is believed. */
export function parseTrustedProxies(text: string | undefined): readonly string[] {
  const proxies = (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (!proxies.every(isRange)) throw new SettingsError('TRUST_PROXY', text, EXPECTED)
  return proxies
}

function isRange(item: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(item) ?? []
  const bits = { 4: 32, 6: 128 }[isIP(address)] ?? 0
  return (
    WORDS.includes(item) ||
    (bits > 0 && (prefix === undefined || (Number(prefix) >= 1 && Number(prefix) <= bits)))
  )
}

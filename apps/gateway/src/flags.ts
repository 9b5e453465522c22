import { InvalidArgumentError } from 'commander'
import type { NamespacedName, ServiceMapping } from '@postern/control-plane'
import { parseListenAddress, type ListenAddress } from './listen-address.ts'

/** Turns a parser that throws into one whose message commander prints beside the flag's name (exit 2). */
function asFlag<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
    }
  }
}

/** `[host:]port` or `off`. */
// Commander turns an undefined value into '', so `off` stays a word until the settings are made.
export const listenAddress: (text: string) => ListenAddress | 'off' = asFlag(
  (text) => parseListenAddress(text) ?? 'off',
)

/** `NAMESPACE/NAME`. */
export const namespacedName: (text: string) => NamespacedName = asFlag((text) => {
  const [namespace, name, ...rest] = text.split('/')
  if (!namespace || !name || rest.length > 0) {
    throw new RangeError(`expected NAMESPACE/NAME; got "${text}"`)
  }
  return { namespace, name }
})

/** `NAMESPACE/SERVICE[:PORT]=HOST:PORT`. */
export const serviceMapping: (text: string) => ServiceMapping = asFlag((text) => {
  const found = /^([^/:=]+)\/([^/:=]+)(?::([^:=]+))?=(\[[^\]]+\]|[^:=]+):(\d{1,5})$/.exec(text)
  const [, namespace, service, port, host, targetPort] = found ?? []
  if (!namespace || !service || !host || Number(targetPort) > 65535) {
    throw new RangeError(`expected NAMESPACE/SERVICE[:PORT]=HOST:PORT; got "${text}"`)
  }
  const address = host.replace(/^\[|\]$/g, '')
  const mapping = { namespace, service, host: address, targetPort: Number(targetPort) }
  return port === undefined ? mapping : { ...mapping, port }
})

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return asFlag((text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new RangeError(`expected a whole number from ${least} to ${most}; got "${text}"`)
    }
    return value
  })
}

/** `30s`, `500ms`, `2m`, or plain seconds; milliseconds come back. */
export const duration: (text: string) => number = asFlag((text) => {
  const found = /^(\d+)(ms|s|m)?$/.exec(text)
  if (found === null) throw new RangeError(`expected a time such as 30s, 500ms or 2m; got "${text}"`)
  const unit = { ms: 1, s: 1000, m: 60_000 }[found[2] ?? 's'] ?? 1000
  return Number(found[1]) * unit
})

/** Collects a repeatable flag; the first use replaces the default. */
export function repeatable<T>(
  parse: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  return (text, before) => [...(before ?? []), parse(text)]
}

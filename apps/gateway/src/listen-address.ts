/** Where a listener binds. `undefined` stands for `off`. */
export interface ListenAddress {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/**
 * `[host:]port` or `off`, as the flags `--http`, `--https` and `--admin` take it. An IPv6 address stands in brackets.
 * Throws a RangeError whose message says what was expected.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text === 'off') return undefined
  const found = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text)
  const port = Number(found?.[2])
  if (found === null || port > 65535) {
    throw new RangeError(`expected [host:]port with a port from 0 to 65535, or off; got "${text}"`)
  }
  const host = found[1] ?? '127.0.0.1'
  return { host: host.startsWith('[') ? host.slice(1, -1) : host, port }
}

/** The form that a person can paste: `127.0.0.1:8080`, `[::1]:8443`. */
export function formatAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

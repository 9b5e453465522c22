import { parsePort } from './parse-value.ts'
import { SettingsError } from './settings-error.ts'

/** Where a listener binds: a host name or address (IPv6 without brackets) and a port, 0 for a free one. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

const EXPECTED = 'HOST:PORT, for example 0.0.0.0:80 or [::1]:8080'

/** Reads the value of `-http` and `-health`: `host:port`, `[v6]:port`, `:port` (every address) or `port`. */
export function parseListenAddress(setting: string, text: string): ListenAddress {
  const match = /^(?:(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]\s]*)):)?(\d+)$/.exec(text.trim())
  if (match === null) throw new SettingsError(setting, text, EXPECTED)
  const [, v6, name, port] = match
  return {
    host: v6 ?? (name === undefined || name === '' ? '0.0.0.0' : name),
    port: parsePort(setting, port, 0),
  }
}

/** Writes an address the way it is typed: IPv6 in brackets. */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

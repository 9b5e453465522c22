/** Where a service answers: a host name or address (IPv6 without brackets) and a port. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A setting that names no address. Services treat it like every other setting that cannot be used. */
export class AddressError extends Error {
  override readonly name = 'SettingsError'

  constructor(variable: string, value: string) {
    super(
      `${variable} is ${JSON.stringify(value)}: expected a host, host:port, an IP address or [IPv6]:port, without http:// and without a path`,
    )
  }
}

const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?$/
/** Without a zone (`%eth0`): a URL cannot carry one. */
const V6 = /^[0-9A-Fa-f:.]+$/

/**
 * Reads `host`, `host:port`, `1.2.3.4`, `::1`, `[::1]` or `[::1]:8080`, as the course writes `AUTH_ADDRESS`.
 *
 * @throws AddressError naming `variable`.
 */
export function parseAddress(variable: string, value: string, defaultPort: number): Address {
  const text = value.trim()
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text)
  const plain = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(text)
  const match = bracketed ?? plain ?? (isBareV6(text) ? [text, text] : undefined)
  const host = match?.[1]
  const port = match?.[2] === undefined ? defaultPort : Number(match[2])
  const fits = host !== undefined && (plain === null ? V6.test(host) : NAME.test(host))
  // A URL's own reader knows what no pattern here does: `:::` is no address, nor is `1.2.3.999`.
  if (!fits || port < 1 || port > 65_535 || !URL.canParse(originOf({ host, port })))
    throw new AddressError(variable, value)
  return { host, port }
}

function isBareV6(text: string): boolean {
  return text.split(':').length > 2 && V6.test(text)
}

/** The base of URLs at an address, for example `http://[::1]:8080`. */
export function originOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

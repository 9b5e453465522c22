import { parseAddress, type Address } from './address.ts'
import { serviceVariable } from './service-variable.ts'

/** A service to be found, and where it is when nothing says otherwise. */
export interface WantedService {
  /** Its short name: `auth` is set by `AUTH_ADDRESS` and, in a cluster, is the Service `auth-service`. */
  readonly name: string
  readonly fallback: Address
}

/** A service's address and the way that won. */
export interface Discovered {
  readonly address: Address
  /** The variable that was used, or `default` for the DNS name. */
  readonly way: string
}

/**
 * Finds a service in the three ways of the course, in this order (W30): `NAME_ADDRESS`; the variables
 * `NAME_SERVICE_SERVICE_HOST` and `_PORT` that Kubernetes injects for the Service `name-service`; a DNS name.
 * `NAME_PORT` is never looked at: Kubernetes sets it to `tcp://…` for a Service called `name`.
 *
 * @throws AddressError naming the variable that holds no address.
 */
export function discover(
  { name, fallback }: WantedService,
  env: NodeJS.ProcessEnv = process.env,
): Discovered {
  const addressVariable = `${name.toUpperCase().replaceAll('-', '_')}_ADDRESS`
  const given = env[addressVariable]?.trim()
  if (given !== undefined && given !== '') {
    return { address: parseAddress(addressVariable, given, fallback.port), way: addressVariable }
  }
  const hostVariable = serviceVariable(`${name}-service`, 'HOST')
  const host = env[hostVariable]?.trim()
  if (host === undefined || host === '') return { address: fallback, way: 'default' }
  const portVariable = serviceVariable(`${name}-service`, 'PORT')
  const port = env[portVariable]?.trim()
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const text = port === undefined || port === '' ? bracketed : `${bracketed}:${port}`
  const variable = text === bracketed ? hostVariable : `${hostVariable}:${portVariable}`
  return { address: parseAddress(variable, text, fallback.port), way: hostVariable }
}

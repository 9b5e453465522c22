// The ways in which users and tasks find auth (contract S0.20-S0.26, S2.18-S2.37), as printed in the material.

/** Where auth listens in the private network: an address of its own, as a Pod or a Service has. */
export const AUTH_IP = '127.20.0.9'

export interface DiscoveryCase {
  readonly id: string
  readonly what: string
  readonly env: Readonly<Record<string, string>>
  /** Names that /etc/hosts of the private namespace leads to auth. */
  readonly names: readonly string[]
  /** auth listens on localhost instead, as it does in the same Pod. */
  readonly samePod?: boolean
}

export const MATRIX: readonly DiscoveryCase[] = [
  { id: 'V13', what: 'AUTH_ADDRESS=auth', env: { AUTH_ADDRESS: 'auth' }, names: ['auth'] },
  { id: 'V14', what: 'AUTH_ADDRESS=localhost', env: { AUTH_ADDRESS: 'localhost' }, names: [], samePod: true },
  {
    id: 'V15',
    what: 'AUTH_ADDRESS=localhost:80',
    env: { AUTH_ADDRESS: 'localhost:80' },
    names: [],
    samePod: true,
  },
  { id: 'V16', what: 'AUTH_ADDRESS=<ip>', env: { AUTH_ADDRESS: AUTH_IP }, names: [] },
  {
    id: 'V17',
    what: 'AUTH_ADDRESS=auth-service.default',
    env: { AUTH_ADDRESS: 'auth-service.default' },
    names: ['auth-service.default'],
  },
  {
    id: 'V18',
    what: 'AUTH_ADDRESS unset, AUTH_SERVICE_SERVICE_HOST set',
    env: { AUTH_SERVICE_SERVICE_HOST: AUTH_IP },
    names: [],
  },
  { id: 'V19', what: 'both unset, the name auth of compose', env: {}, names: ['auth'] },
  {
    id: 'V20',
    what: 'both variables set in one process',
    env: { AUTH_ADDRESS: 'auth-service.default', AUTH_SERVICE_SERVICE_HOST: AUTH_IP },
    names: ['auth-service.default'],
  },
]

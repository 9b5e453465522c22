import { discover, originOf, type WantedService } from '@postern/discovery'
import { parseInteger } from './parse-value.ts'
import type { ServiceSettings } from './settings.ts'

/** Another service that this one calls. */
export interface NeighbourSettings {
  /** For example `http://auth:80`. */
  readonly origin: string
  /** The variable that named it, or `default`. */
  readonly way: string
  /** `AUTH_TIMEOUT_MS` for a service called auth: the longest that one question to it may take. */
  readonly deadlineMs: number
  /** `SERVICE_SECRET_FILE`: what it wants to see on its internal routes. */
  readonly secret: string | undefined
}

/**
 * Reads where a neighbour is and how long it may take.
 *
 * @throws SettingsError or AddressError, naming the variable and what was expected.
 */
export function readNeighbourSettings(
  wanted: WantedService,
  { serviceSecret }: Pick<ServiceSettings, 'serviceSecret'>,
  env: NodeJS.ProcessEnv = process.env,
): NeighbourSettings {
  const { address, way } = discover(wanted, env)
  const timeout = `${wanted.name.toUpperCase().replaceAll('-', '_')}_TIMEOUT_MS`
  return {
    origin: originOf(address),
    way,
    secret: serviceSecret,
    deadlineMs: parseInteger(timeout, env[timeout], { min: 1, max: 120_000, absent: 5_000 }),
  }
}

import { parseInteger, SettingsError } from '@postern/service'
import { parseUpstreamAddress } from './upstream-address.ts'

/** What the proxy needs besides the settings of every service. */
export interface ProxySettings {
  /** `API_URL`: the service whose answer is shown. */
  readonly upstream: URL
  /** `API_TIMEOUT_MS`: how long its answer may take, from look-up to the last byte; 5 s unless set. */
  readonly timeoutMs: number
}

/** Reads the proxy's settings. @throws SettingsError naming the variable and what was expected. */
export function readProxySettings(env: NodeJS.ProcessEnv = process.env): ProxySettings {
  const value = env['API_URL']?.trim() || 'http://hello-app-service.helloworld'
  const upstream = parseUpstreamAddress(value)
  if (upstream === undefined) {
    const expected = 'an http(s) URL without user name, such as http://hello-app-service.helloworld'
    throw new SettingsError('API_URL', value, expected)
  }
  const bounds = { min: 1, max: 120_000, absent: 5_000 }
  return { upstream, timeoutMs: parseInteger('API_TIMEOUT_MS', env['API_TIMEOUT_MS'], bounds) }
}

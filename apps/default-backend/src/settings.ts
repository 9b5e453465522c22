import { SettingsError } from '@postern/service'
import { parseRedirectTarget, type RedirectTarget } from './redirect-target.ts'

/** `REDIRECT_TO`: where to send clients whose request no rule matched; undefined shows the page. */
export function readRedirectTarget(env: NodeJS.ProcessEnv = process.env): RedirectTarget | undefined {
  const value = env['REDIRECT_TO']?.trim() ?? ''
  if (value === '') return undefined
  const target = parseRedirectTarget(value)
  if (target !== undefined) return target
  throw new SettingsError(
    'REDIRECT_TO',
    value,
    'an http(s) URL such as https://example.com/ or a path such as /',
  )
}

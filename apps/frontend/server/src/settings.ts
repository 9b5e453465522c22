import { discover, originOf } from '@postern/discovery'
import { SettingsError, type ServiceSettings } from '@postern/service'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FrontendOptions } from './frontend.ts'
import type { PageConfig } from './page-config-route.ts'

/** The frontend's own settings, and which way each service was found. */
export interface FrontendSettings extends FrontendOptions {
  readonly ways: Readonly<Record<'users' | 'tasks', string>>
}

/** Where the build puts the page, seen from this file in `src/` as from the bundle in `dist/`. */
const BUILT_PAGE = join(import.meta.dirname, '../../web/dist')

/**
 * Reads `WEB_ROOT`; `USERS_ADDRESS` and `TASKS_ADDRESS` or the variables that Kubernetes injects; `API_BASE`,
 * `USERS_API_BASE` and `DEMO_TOKEN`.
 *
 * @throws SettingsError naming the variable and what was expected.
 */
export function readFrontendSettings(
  { demo }: Pick<ServiceSettings, 'demo'>,
  env: NodeJS.ProcessEnv = process.env,
): FrontendSettings {
  const users = discover({ name: 'users', fallback: { host: 'users-service.default', port: 8080 } }, env)
  const tasks = discover({ name: 'tasks', fallback: { host: 'tasks-service.default', port: 8000 } }, env)
  return {
    webRoot: readWebRoot(env['WEB_ROOT']?.trim() || undefined),
    origins: { users: originOf(users.address), tasks: originOf(tasks.address) },
    pageConfig: readPageConfig(demo, env),
    ways: { users: users.way, tasks: tasks.way },
  }
}

function readWebRoot(given: string | undefined): string {
  const root = resolve(given ?? BUILT_PAGE)
  if (existsSync(join(root, 'index.html'))) return root
  const expected =
    'a folder with the built page, index.html in it; `npx nx build @postern/frontend-web` makes apps/frontend/web/dist'
  throw new SettingsError('WEB_ROOT', root, expected)
}

function readPageConfig(demo: boolean, env: NodeJS.ProcessEnv): PageConfig {
  const apiBase = readBase('API_BASE', env, '/api')
  return {
    apiBase,
    usersApiBase: readBase('USERS_API_BASE', env, apiBase),
    ...(demo && { demoToken: env['DEMO_TOKEN']?.trim() || 'abc' }),
  }
}

function readBase(variable: string, env: NodeJS.ProcessEnv, absent: string): string {
  const value = env[variable]?.trim() || absent
  const isPath = /^\/(?!\/)[^\s\\]*$/.test(value)
  const isUrl = /^https?:\/\/[^/\s]/i.test(value) && URL.canParse(value)
  if (isPath || isUrl) return value.replace(/\/+$/, '')
  throw new SettingsError(
    variable,
    value,
    'a path such as /api or an http(s) URL such as https://api.example.com',
  )
}

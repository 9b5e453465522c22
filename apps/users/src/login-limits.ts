import rateLimit from '@fastify/rate-limit'
import { HttpProblem } from '@postern/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import { createHash } from 'node:crypto'
import { emailKey } from './account.ts'
import type { UsersSettings } from './settings.ts'

const WINDOW_MS = 60_000

/** Counts log-ins; throws a 429 with `Retry-After` (seconds) once an address or an account had too many in a minute. */
export type CheckLoginLimits = (request: FastifyRequest, email: string) => Promise<void>

/**
 * Limits log-ins by client address and by account (W27), in memory or, for several replicas, in Redis. When Redis does not
 * answer, log-ins go on unlimited: a store of counters must not lock everybody out.
 */
export async function limitLogins(
  app: FastifyInstance,
  { redisUrl, loginLimits }: Pick<UsersSettings, 'redisUrl' | 'loginLimits'>,
): Promise<CheckLoginLimits> {
  const redis = redisUrl === undefined ? undefined : connect(app, redisUrl)
  await app.register(rateLimit, {
    global: false,
    skipOnError: true,
    nameSpace: 'postern-login-',
    ...(redis !== undefined && { redis }),
  })
  const keys = new WeakMap<FastifyRequest, string>()
  const keyGenerator = (request: FastifyRequest) => keys.get(request) ?? request.ip
  const limiter = (max: number) => app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator })
  const [byAddress, byAccount] = [limiter(loginLimits.perAddress), limiter(loginLimits.perAccount)]
  const check = async (limit: typeof byAddress, request: FastifyRequest, key: string): Promise<void> => {
    keys.set(request, key)
    const state = await limit(request)
    if (!state.isAllowed && state.isExceeded) throw tooMany(state.ttlInSeconds)
  }
  return async (request, email) => {
    await check(byAddress, request, `address:${request.ip}`)
    await check(byAccount, request, `account:${createHash('sha256').update(emailKey(email)).digest('hex')}`)
  }
}

function connect(app: FastifyInstance, url: string): Redis {
  const redis = new Redis(url, { connectTimeout: 500, maxRetriesPerRequest: 1, commandTimeout: 500 })
  redis.on('error', (error) => {
    app.log.warn({ err: error }, 'Redis does not answer; log-ins are not limited meanwhile')
  })
  app.addHook('onClose', () => {
    redis.disconnect()
  })
  return redis
}

function tooMany(seconds: number): HttpProblem {
  const retryAfter = String(Math.max(1, seconds))
  const message = `Too many attempts, please try again in ${retryAfter} seconds.`
  return new HttpProblem(429, 'too-many-attempts', message, { headers: { 'retry-after': retryAfter } })
}

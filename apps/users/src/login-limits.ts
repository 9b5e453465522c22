import rateLimit from '@fastify/rate-limit'
import { HttpProblem } from '@postern/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import { createHash } from 'node:crypto'
import { emailKey } from './account.ts'
import type { UsersSettings } from './settings.ts'

const WINDOW_MS = 60_000

/** Counters kept in memory, the oldest dropped first: more accounts than one can name within a minute at the cost of a hash each. */
const COUNTERS = 50_000

/** Counts attempts at a password; throws a 429 with `Retry-After` (seconds) once an address or an account had too many in a minute. */
export type CheckLoginLimits = (request: FastifyRequest, email: string) => Promise<void>

/**
 * Limits by client address and by account whatever tells whether a password is right (W27), in memory or, for several
 * replicas, in Redis. An IPv6 client counts by its /64, the least that one subscriber has (RFC 6177). When Redis does not
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
    cache: COUNTERS,
    nameSpace: 'postern-login-',
    ...(redis !== undefined && { redis }),
  })
  // Without a key of its own the plugin takes the client's address, an IPv6 one by its network.
  const byAddress = app.createRateLimit({ max: loginLimits.perAddress, timeWindow: WINDOW_MS })
  const accounts = new WeakMap<FastifyRequest, string>()
  const byAccount = app.createRateLimit({
    max: loginLimits.perAccount,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => accounts.get(request) ?? '',
  })
  const check = async (limit: typeof byAddress, request: FastifyRequest): Promise<void> => {
    const state = await limit(request)
    if (!state.isAllowed && state.isExceeded) throw tooMany(state.ttlInSeconds)
  }
  return async (request, email) => {
    // A client that is gone has no address any more, and hears no answer.
    if (request.socket.remoteAddress !== undefined) await check(byAddress, request)
    accounts.set(request, `account:${createHash('sha256').update(emailKey(email)).digest('hex')}`)
    await check(byAccount, request)
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

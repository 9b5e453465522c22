import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { formatPhc, parsePhc } from './phc-string.ts'
import { createTurnstile } from './turnstile.ts'

/** What one hash costs: RFC 9106 §3.1's m (KiB), t and p. */
export interface Argon2Cost {
  readonly memoryKiB: number
  readonly passes: number
  readonly lanes: number
}

/** OWASP's first choice for servers (Password Storage Cheat Sheet, 2025): about 30 ms of one core. */
export const DEFAULT_COST: Argon2Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 }

/** Whether a password belongs to a hash, and whether the hash should be made again with today's cost. */
export interface PasswordCheck {
  readonly matches: boolean
  readonly outdated: boolean
}

/** How much is hashed at once. */
export interface HashingLimits {
  /** As many as there are cores unless set, but never all threads of the pool, because files and names are read there too. */
  readonly places?: number
  /** How long a hash may wait in line: 2 s unless set. */
  readonly longestWaitMs?: number
}

/** Hashes and checks passwords. */
export interface PasswordHasher {
  /** A new salt each time; gives a PHC string. */
  hash(password: string): Promise<string>
  /** Takes as long for an account that does not exist (`hash` undefined) or a damaged hash as for a wrong password. */
  check(password: string, hash: string | undefined): Promise<PasswordCheck>
}

/** Shorter than the time that users and tasks wait for auth (`AUTH_TIMEOUT_MS`): who is still hashed for is still waiting. */
const LONGEST_WAIT_MS = 2_000
/** Threads of libuv's pool unless `UV_THREADPOOL_SIZE` says otherwise (https://docs.libuv.org/en/v1.x/threadpool.html). */
const POOL_THREADS = 4
/** Of a hash that is checked, unless today's cost is higher: more would end the process or hold a thread for minutes. */
const MOST = { memoryKiB: 262_144, kibPasses: 1_048_576 }
const SALT_BYTES = 16
const TAG_BYTES = 32
const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

/**
 * Makes a hasher of argon2id (RFC 9106) on Node's own implementation. A few hashes run at once, the others wait in line: each holds
 * its memory while it runs.
 *
 * @throws BusyError from both uses, when a hash would have waited in line for too long.
 */
export function createPasswordHasher(
  cost: Argon2Cost = DEFAULT_COST,
  { places = hashesAtOnce(), longestWaitMs = LONGEST_WAIT_MS }: HashingLimits = {},
): PasswordHasher {
  const inTurn = createTurnstile({ places, longestWaitMs })
  const decoy = { cost, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) }
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES)
      const tag = await inTurn(() => tagOf(password, salt, cost, TAG_BYTES))
      return formatPhc({ cost, salt, tag })
    },
    check: async (password, hash) => {
      const parsed = hash === undefined ? undefined : parsePhc(hash)
      const known = parsed !== undefined && isAffordable(parsed.cost, cost) ? parsed : undefined
      const against = known ?? decoy
      const tag = await inTurn(() => tagOf(password, against.salt, against.cost, against.tag.length))
      const matches = timingSafeEqual(tag, against.tag) && known !== undefined
      return { matches, outdated: matches && !sameCost(against.cost, cost) }
    },
  }
}

function hashesAtOnce(): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE']) || POOL_THREADS
  return Math.max(1, Math.min(availableParallelism(), threads - 1))
}

/** Passwords that look alike are alike: NFC, as RFC 8265 §4.2.2 says, so that a Mac and a PC send the same bytes. */
function tagOf(password: string, salt: Buffer, cost: Argon2Cost, tagLength: number): Promise<Buffer> {
  return derive('argon2id', {
    message: Buffer.from(password.normalize('NFC')),
    nonce: salt,
    memory: cost.memoryKiB,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength,
  })
}

function isAffordable({ memoryKiB, passes }: Argon2Cost, today: Argon2Cost): boolean {
  const most = Math.max(MOST.kibPasses, today.memoryKiB * today.passes)
  return memoryKiB <= Math.max(MOST.memoryKiB, today.memoryKiB) && memoryKiB * passes <= most
}

function sameCost(one: Argon2Cost, other: Argon2Cost): boolean {
  return one.memoryKiB === other.memoryKiB && one.passes === other.passes && one.lanes === other.lanes
}

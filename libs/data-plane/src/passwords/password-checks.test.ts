import { describe, expect, test } from '@jest/globals'
import { PasswordChecks, type Verdict } from './password-checks.ts'
import { verifySlowHash } from './slow-hash.ts'

const BCRYPT = '$2b$04$KbkwGd9HEwAI.ngSWKoNq.ImVb3Nk3XP0Zr32BokXQqFFQiPJcajO'
const APR1 = '$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/'
const SHA_512_LONG =
  '$6$sixteencharacter$2eQW1pbLwH0QnVJjM/2h0Rx8.LFFQRr1L91T3CAqfPTeJyO521haYu1G3vf0RW6IXu58LcrQBbX3rFUiXMdUp0'
const SHA_512 =
  '$6$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/'
const SHA_256_ROUNDS = '$5$rounds=1000$abc$WuQnfW1ged27S6ruV1a2odb/m.A7/HabLYyzPuBo799'

/** Checks whose slow hashes wait until the test says what became of the oldest. */
function heldChecks() {
  const compared: string[] = []
  const held: ((fits: boolean) => void)[] = []
  let now = 0
  const verify = (password: string): Promise<boolean> => {
    compared.push(password)
    return new Promise((resolve) => held.push(resolve))
  }
  const checks = new PasswordChecks(verify, { now: () => now, date: () => new Date(now) })
  return {
    compared,
    ask: (secret: string, password: string, hash = BCRYPT) => checks.check(secret, password, hash),
    /** Lets the one whose turn it is go, and the next begin. */
    answer: async (fits: boolean): Promise<void> => {
      held.shift()?.(fits)
      await new Promise((resolve) => setImmediate(resolve))
    },
    pass: (ms: number): void => void (now += ms),
  }
}

describe('passwords and hashes', () => {
  test.each([
    ['apr1', 'myPassword', APR1, true],
    ['apr1, wrong', 'mypassword', APR1, false],
    ['SHA', 'password', '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', true],
    ['SSHA, wrong', 'password', '{SSHA}AAAAAAAAAAAAAAAAAAAAAAAAAABzYWx0', false],
    ['bcrypt as Apache names it', 'secret', BCRYPT.replace('$2b', '$2y'), true],
    ['bcrypt, wrong', 'Secret', BCRYPT, false],
    ['bcrypt of a cost that nobody can bear', 'secret', BCRYPT.replace('$04', '$31'), false],
    // As `openssl passwd -5` and `-6` write them.
    ['SHA-256', 'geheim', '$5$abc$dMCdvC1mB4C3HJ3rSEuki7J3V6expJoTaEV6oSaAuX7', true],
    ['SHA-256 with rounds', 'geheim', SHA_256_ROUNDS, true],
    ['SHA-512', 'geheim', SHA_512, true],
    ['SHA-512, wrong', 'Geheim', SHA_512_LONG, false],
    [
      'SHA-512 of a long password',
      'a longer password, longer than a digest of sixty-four bytes would be',
      SHA_512_LONG,
      true,
    ],
    ['rounds that nobody can bear', 'geheim', SHA_256_ROUNDS.replace('1000', '999999999'), false],
    ['DES', 'secret', 'rEK1ecacw.7.c', false],
    ['an empty entry', '', '', false],
  ])('%s', async (_, password, hash, fits) => {
    const checks = new PasswordChecks(verifySlowHash, { now: () => 0, date: () => new Date(0) })
    expect(await checks.check('test/users', password, hash)).toBe(fits)
  })
  test('a password longer than any is not compared', () => {
    const { ask, compared } = heldChecks()
    expect(ask('test/users', 'ä'.repeat(257))).toBe(false)
    expect(ask('test/users', 'ä'.repeat(256))).toBeInstanceOf(Promise)
    expect(compared).toHaveLength(1)
  })
})

describe('what fitted is recognised', () => {
  test('at once, until the hash is another', async () => {
    const { ask, answer, compared } = heldChecks()
    const first = ask('test/users', 'secret')
    await answer(true)
    expect(await first).toBe(true)
    expect(ask('test/users', 'secret')).toBe(true)
    expect(ask('test/users', 'secret', APR1)).toBeInstanceOf(Promise)
    expect(compared).toEqual(['secret', 'secret'])
  })
  test('what did not fit is compared again', async () => {
    const { ask, answer, compared } = heldChecks()
    for (let i = 0; i < 2; i++) {
      const guess = ask('test/users', 'guess')
      await answer(false)
      expect(await guess).toBe(false)
    }
    expect(compared).toEqual(['guess', 'guess'])
  })
  test('the same password at the same time is compared once', async () => {
    const { ask, answer, compared } = heldChecks()
    const all = Array.from({ length: 6 }, () => ask('test/users', 'secret'))
    await answer(true)
    expect(await Promise.all(all)).toEqual([true, true, true, true, true, true])
    expect(compared).toEqual(['secret'])
  })
})

describe('guesses', () => {
  test('wait for each other; too many are not compared', async () => {
    const { ask, answer, compared } = heldChecks()
    const guesses = Array.from({ length: 60 }, (_, i) => ask('test/users', String(i)))
    expect(guesses.filter((verdict) => verdict === undefined)).toHaveLength(9)
    expect(compared).toEqual(['0'])
    for (let i = 0; i < 51; i++) await answer(false)
    expect((await Promise.all(guesses)).filter((verdict) => verdict === false)).toHaveLength(51)
    expect(ask('test/users', 'secret')).toBeInstanceOf(Promise)
  })
  test('at one Secret keep nobody from another', async () => {
    const { ask, answer, compared } = heldChecks()
    for (let i = 0; i < 60; i++) void ask('evil/users', String(i))
    const other = ask('test/users', 'secret')
    await answer(false)
    await answer(false)
    await answer(true)
    expect(await other).toBe(true)
    expect(compared).toEqual(['0', '1', 'secret', '2'])
  })
  test('that waited for long are not compared any more', async () => {
    const { ask, answer, pass, compared } = heldChecks()
    void ask('test/users', 'first')
    const late = ask('test/users', 'late')
    pass(10_001)
    const inTime = ask('test/users', 'in time')
    await answer(false)
    await answer(true)
    expect(await Promise.all<Verdict>([late, inTime])).toEqual([undefined, true])
    expect(compared).toEqual(['first', 'in time'])
  })
})

test.each([
  ['rejects', () => Promise.reject(new Error('the thread ended'))],
  [
    'throws',
    () => {
      throw new Error('the thread ended')
    },
  ],
])('a comparison that %s is that request’s failure, and the next goes on', async (_, fail) => {
  let calls = 0
  const verify = (): Promise<boolean> => (++calls === 1 ? fail() : Promise.resolve(true))
  const checks = new PasswordChecks(verify, { now: () => 0, date: () => new Date(0) })
  const [first, second] = ['one', 'two'].map((password) => checks.check('test/users', password, BCRYPT))
  await expect(first).rejects.toThrow('the thread ended')
  expect(await second).toBe(true)
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line of a log that shows what it must not. It is named, not quoted: the report is a log too. */
export interface Finding {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly what: string
}

/** What was read. */
export interface LogScan {
  readonly files: number
  readonly lines: number
  readonly secrets: number
  readonly findings: readonly Finding[]
}

/** Secrets of whatever account, by their form. */
const SHAPES: readonly (readonly [string, RegExp])[] = [
  ['a password hash (PHC)', /\$(?:argon2|2[aby]\$|pbkdf2|scrypt)/],
  // Header and claims; a base64url of `{"` begins both.
  ['a signed token', /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./],
  // Not the column of that name, which PostgreSQL's log tells.
  ['a hash of the course', /\b(?!password_hash\b)[\w-]{4,}_hash\b/],
  ['a private key', /PRIVATE KEY/],
  ['a bearer token', /\bbearer +(?!realm\b|error\b|token)[\w.~+/-]{8,}/i],
]
/** Shorter ones are words like `tester` or `abc`, which stand in logs for other reasons. */
const SHORTEST = 8
/** The runs of characters that passwords and refresh tokens of the tests consist of. */
const WORD = /[\w.-]+/g

/** Searches every `*.log` of a folder for the secrets in its `*.secrets` (a JSON string per line) and for secrets by their form. */
export function scanLogs(folder: string): LogScan {
  const names = readdirSync(folder)
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const secrets = secretsIn(names.filter((name) => name.endsWith('.secrets')).map(read))
  const logs = names.filter((name) => name.endsWith('.log')).sort()
  const judge = createJudge(secrets)
  let lines = 0
  const findings = logs.flatMap((file) => {
    const text = read(file).split('\n')
    lines += text.length - 1
    return text.flatMap((line, index) => {
      const what = judge(line)
      return what === undefined ? [] : [{ file, line: index + 1, what }]
    })
  })
  return { files: logs.length, lines, secrets: secrets.size, findings }
}

function secretsIn(texts: readonly string[]): ReadonlySet<string> {
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '')
  return new Set(lines.map((line) => String(JSON.parse(line))).filter((secret) => secret.length >= SHORTEST))
}

/** Words are looked up, so that thousands of secrets cost no more than one; the few that are no word are searched for. */
function createJudge(secrets: ReadonlySet<string>): (line: string) => string | undefined {
  const words = new Set([...secrets].filter((secret) => secret.match(WORD)?.[0] === secret))
  const others = [...secrets].filter((secret) => !words.has(secret))
  return (line) => {
    const shape = SHAPES.find(([, pattern]) => pattern.test(line))
    if (shape !== undefined) return shape[0]
    const isThere = line.match(WORD)?.some((word) => words.has(word)) === true
    return isThere || others.some((secret) => line.includes(secret)) ? 'a secret that a test used' : undefined
  }
}

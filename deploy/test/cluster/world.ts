// What every case is given: podman, the cluster on it, and curl in its room.
import type { Cluster } from './cluster.ts'
import type { Podman } from './podman.ts'

export interface World {
  readonly podman: Podman
  readonly cluster: Cluster
  /** What was asked so far and what came, for a test that fails (test-in.ts). */
  readonly asked: Exchange[]
}

/** A line of curl and its answer. */
export interface Exchange extends Answer {
  readonly atMs: number
  readonly tookMs: number
  readonly args: readonly string[]
  /** What curl complained about. */
  readonly complaint: string
}

/** curl's exit code when nobody listens. */
export const REFUSED = 7

export interface Answer {
  /** curl's exit code. */
  readonly code: number
  readonly status: number
  readonly body: string
}

/** Runs curl in the room, where the Services have their addresses. */
export async function curl({ podman, asked }: World, ...args: readonly string[]): Promise<Answer> {
  const atMs = Date.now()
  const flags = ['-sS', '-m', '15', '-w', '\n%{http_code}']
  const { code, stdout, stderr } = await podman.run('curl', ...flags, ...args)
  const lines = stdout.split('\n')
  const answer = { status: Number(lines.pop()), code, body: lines.join('\n') }
  asked.push({ ...answer, atMs, tookMs: Date.now() - atMs, args, complaint: stderr.trim() })
  return answer
}

/** As curl, with a JSON body: `-X POST -H "Content-Type: application/json" -d …`, as the material prints it. */
export function postJson(
  world: World,
  url: string,
  body: object,
  ...more: readonly string[]
): Promise<Answer> {
  return curl(
    world,
    '-X',
    'POST',
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify(body),
    ...more,
    url,
  )
}

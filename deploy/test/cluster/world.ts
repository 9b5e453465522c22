// What every case is given: podman, the cluster on it, and curl in its room.
import type { Cluster } from './cluster.ts'
import type { Podman } from './podman.ts'

export interface World {
  readonly podman: Podman
  readonly cluster: Cluster
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
export async function curl({ podman }: World, ...args: readonly string[]): Promise<Answer> {
  const { code, stdout } = await podman.run('curl', '-sS', '-m', '15', '-w', '\n%{http_code}', ...args)
  const lines = stdout.split('\n')
  const status = Number(lines.pop())
  return { code, status, body: lines.join('\n') }
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

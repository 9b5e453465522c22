import { expect } from '@jest/globals'
import { join } from 'node:path'
import type { Start } from './image-starts.ts'
import type { LoneContainer } from './lone-container.ts'
import type { World } from './world.ts'

export interface Pressed {
  /** MiB, now and at most. */
  readonly memory: string
  /** How many requests were answered as they should be. */
  readonly served: string
}

/** Sixteen connections ask until all is asked; the container serves or refuses, and lives. */
export async function pressImage(
  { podman }: World,
  container: LoneContainer,
  { press: { times = 400, status = 200, ...press } }: Start,
): Promise<Pressed> {
  const what = { ...press, url: `http://${container.address}${press.url}`, times, atOnce: 16 }
  const script = join(import.meta.dirname, 'press.ts')
  const { code, stdout, stderr } = await podman.run(process.execPath, script, JSON.stringify(what))
  if (code !== 0) throw new Error(stderr)
  const answers = JSON.parse(stdout) as Readonly<Record<string, number>>
  const served = answers[status] ?? 0
  // What is too busy refuses in time; a load of refusals alone would try nothing.
  const asItShould =
    Object.keys(answers).every((one) => one === String(status) || one === '503') && served > 0
  if (!asItShould) throw new Error(`${stdout.trim()}; it wrote:\n${(await container.log()).slice(-2000)}`)
  expect(await container.state()).toMatchObject({ OOMKilled: false, Running: true })
  const { own, most } = await container.memory()
  return { memory: `${own} (${most})`, served: `${served} of ${times} × ${status}` }
}

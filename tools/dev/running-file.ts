// `system.json` in the state folder: what runs now, for a second start, for tests and for a curious reader.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { authority, type FixedPorts } from './addresses.ts'
import type { Child } from './child.ts'
import { isAlive } from './is-alive.ts'

export interface Running {
  /** The process of `npm start` itself. */
  readonly pid: number
  readonly ports: FixedPorts
  readonly apps: readonly {
    readonly name: string
    readonly pid: number | undefined
    readonly address: string
  }[]
}

const fileIn = (stateFolder: string): string => join(stateFolder, 'system.json')

export async function rememberRunning(
  stateFolder: string,
  system: { readonly ports: FixedPorts; readonly children: readonly Child[] },
): Promise<void> {
  const running: Running = {
    pid: process.pid,
    ports: system.ports,
    apps: system.children.map(({ plan, pid }) => ({
      name: plan.name,
      pid,
      address: authority(plan.address),
    })),
  }
  await writeFile(fileIn(stateFolder), `${JSON.stringify(running, null, 2)}\n`)
}

export async function forgetRunning(stateFolder: string): Promise<void> {
  await rm(fileIn(stateFolder), { force: true })
}

/** What the file says, when the process it names is alive; a file left by a killed start counts as none. */
export async function readRunning(stateFolder: string): Promise<Running | undefined> {
  try {
    const running = JSON.parse(await readFile(fileIn(stateFolder), 'utf8')) as Running
    return isAlive(running.pid) ? running : undefined
  } catch {
    return undefined
  }
}

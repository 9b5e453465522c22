import { authority, freeAddresses, LOOPBACK, type Address } from './addresses.ts'
import type { AppSpec, Surroundings } from './topology.ts'

/** One process to start: an AppSpec with everything decided. */
export interface AppPlan extends Pick<AppSpec, 'name' | 'folder' | 'stopStage'> {
  readonly address: Address
  /** Answers 200 when the process takes requests. */
  readonly readyUrl: string
  readonly services: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
}

export interface PlanOptions extends Omit<Surroundings, 'addressOf'> {
  readonly demo: boolean
  /** Each app gets its own 127.x address, as a Pod has its own. */
  readonly manyLoopbacks: boolean
}

/** Gives every app its addresses and its environment. The free ports are free now: the plan should be carried out soon. */
export async function planApps(specs: readonly AppSpec[], options: PlanOptions): Promise<readonly AppPlan[]> {
  const hostOf = (at: number) => (options.manyLoopbacks ? `127.10.0.${at + 1}` : LOOPBACK)
  const hosts = specs.map(({ port }, at) => (port === undefined ? hostOf(at) : LOOPBACK))
  const free = await freeAddresses([...hosts, ...hosts])
  const fixed = (name: keyof typeof options.ports) => ({ host: LOOPBACK, port: options.ports[name] })

  const serving = specs.map(({ port }, at) => (port === undefined ? take(free, at) : fixed(port)))
  const health = specs.map(({ healthPort }, at) =>
    healthPort === undefined ? take(free, specs.length + at) : fixed(healthPort),
  )
  const addressOf = (name: string) => {
    const at = specs.findIndex((spec) => spec.name === name)
    return authority(take(serving, at))
  }

  const around: Surroundings = { ...options, addressOf }
  return specs.map((spec, at) => {
    const [address, probe] = [take(serving, at), take(health, at)]
    return {
      name: spec.name,
      folder: spec.folder,
      stopStage: spec.stopStage,
      services: spec.services ?? [],
      args: spec.args?.(around) ?? [],
      address,
      readyUrl: `http://${authority(probe)}${spec.readyPath ?? '/readiness'}`,
      env: {
        HOST: address.host,
        PORT: String(address.port),
        HEALTH_PORT: String(probe.port),
        DEMO_MODE: String(options.demo),
        ...spec.env?.(around),
      },
    }
  })
}

function take(addresses: readonly Address[], at: number): Address {
  const address = addresses[at]
  if (address === undefined) throw new RangeError(`no address at ${at}: a name in topology.ts is wrong`)
  return address
}

import { fixedPorts, takenPorts, type FixedPorts } from './addresses.ts'
import { readRunning } from './running-file.ts'
import { StartError } from './wait-until-ready.ts'

/** The fixed ports, moved by `offset`. Throws StartError naming every one that is taken, and by whom if it is known. */
export async function choosePorts(offset: number, stateFolder: string): Promise<FixedPorts> {
  const ports = fixedPorts(offset)
  const taken = await takenPorts(ports)
  if (taken.length === 0) return ports
  const other = await readRunning(stateFolder)
  const who =
    other === undefined
      ? 'Stop what listens there'
      : `Another npm start runs here (process ${other.pid}): stop it`
  throw new StartError(
    `${taken.join('\n  ')}\n  ${who}, or move every port: npm start -- --port-offset ${offset + 1000}`,
  )
}

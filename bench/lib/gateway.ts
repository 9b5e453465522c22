import { join } from 'node:path'

/** The built gateway. */
export const GATEWAY = join(import.meta.dirname, '../../apps/gateway/dist/main.js')

// As its image and its bin start it.
const NODE_FLAGS = ['--max-semi-space-size=4']

/** The command that serves `manifests` over plain HTTP on loopback, as it is measured everywhere. */
export function serveCommand(manifests: string, port: number): readonly string[] {
  const options = ['--http', `127.0.0.1:${String(port)}`, '--https', 'off', '--admin', 'off']
  return [process.execPath, ...NODE_FLAGS, GATEWAY, 'serve', '--manifests', manifests, ...options]
}

// What the printed commands find as `kubectl` and `minikube` on their PATH: asks the test's cluster, prints its answer.
// usage: node stand-in.ts SOCKET PROGRAM [argument]…
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the cluster says: printed, or ports to forward until the script ends. */
export interface Reply {
  readonly code: number
  readonly stdout: string
  readonly forward?: {
    readonly from: number
    readonly to: { readonly host: string; readonly port: number }
    /** Written when the port is open. */
    readonly readyFile: string
  }
}

const [socketPath = '', ...words] = process.argv.slice(2)
const socket = connect(socketPath)
socket.end(JSON.stringify(words))
const { code, stdout, forward } = JSON.parse(await text(socket)) as Reply
process.stdout.write(stdout)
process.exitCode = code

if (forward !== undefined) {
  const server = createServer((client) => {
    const pod = connect(forward.to)
    client.pipe(pod).pipe(client)
    const end = (): void => {
      client.destroy()
      pod.destroy()
    }
    client.once('error', end)
    pod.once('error', end)
  })
  server.listen(forward.from, '127.0.0.1', () => writeFileSync(forward.readyFile, ''))
}

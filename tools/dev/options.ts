import { parseArgs } from 'node:util'

/** What `npm start` was asked for. */
export interface DevOptions {
  readonly portOffset: number
  readonly demo: boolean
  readonly fromSource: boolean
  /** Where data and written manifests live; undefined: `.postern` of the checkout. */
  readonly stateFolder: string | undefined
  /** The manifests with the routing; undefined: `ingress` of the checkout. */
  readonly ingressFolder: string | undefined
  readonly rawLogs: boolean
  readonly help: boolean
}

export const USAGE = `usage: npm start [-- options]

Starts the whole system on this machine and stays in the foreground; Ctrl-C stops everything it started.

  --port-offset N   add N to every fixed port (8443, 8088, 10254, 8080, 8000, 10080, 10081), so that a second
                    system runs beside the first; it keeps its own data in .postern/offset-N/
  --no-demo         without the demo token, the demo logins and the routes that exist only for the material
  --from-source     run the TypeScript sources instead of the built files
  --ingress FOLDER  route by the manifests of this folder instead of ingress/
  --state FOLDER    keep data, written manifests and certificates here instead of .postern/ and certs/
  --raw-logs        every log line as its app wrote it, JSON
  --help            this page`

/** Wrong usage: the message says what was given and what is expected. */
export class UsageError extends Error {}

/** Parses the arguments of `npm start`. Throws UsageError. */
export function parseOptions(args: readonly string[]): DevOptions {
  const values = parse(args)
  const portOffset = Number(values['port-offset'] ?? 0)
  // 10254 is the highest fixed port: with more than this it would leave the range of ports.
  const highest = 65535 - 10254
  if (!Number.isInteger(portOffset) || portOffset < 0 || portOffset > highest) {
    throw new UsageError(
      `--port-offset ${values['port-offset'] ?? ''}: expected a whole number from 0 to ${highest}`,
    )
  }
  return {
    portOffset,
    demo: values.demo ?? true,
    fromSource: values['from-source'] ?? false,
    stateFolder: values.state,
    ingressFolder: values.ingress,
    rawLogs: values['raw-logs'] ?? false,
    help: values.help ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        'port-offset': { type: 'string' },
        demo: { type: 'boolean' },
        'from-source': { type: 'boolean' },
        ingress: { type: 'string' },
        state: { type: 'string' },
        'raw-logs': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

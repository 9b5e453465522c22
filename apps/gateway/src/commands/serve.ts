import { Command, Option } from 'commander'
import { duration, listenAddress, repeatable, wholeNumber } from '../flags.ts'
import type { ListenAddress } from '../listen-address.ts'
import { LOG_LEVELS, type LogFormat, type LogLevel } from '../log.ts'
import type { EngineName, ServeSettings } from '../settings.ts'
import { addManifestOptions, compileSettings, type ManifestOptions } from './manifest-options.ts'

interface ServeOptions extends ManifestOptions {
  readonly manifests: readonly string[]
  readonly http: ListenAddress | 'off'
  readonly https: ListenAddress | 'off'
  readonly admin: ListenAddress | 'off'
  readonly workers: number
  readonly explainHeader?: boolean
  readonly drainDelay: number
  readonly drainTimeout: number
  readonly engine: EngineName
  readonly logFormat: LogFormat
  readonly logLevel: LogLevel
}

/** `postern serve`: the gateway. `run` resolves when it has stopped in good order. */
export function serveCommand(run: (settings: ServeSettings) => Promise<void>): Command {
  const command = new Command('serve')
    .description(
      'serve Kubernetes manifests: Ingress, IngressClass, Service, EndpointSlice, Secret, ConfigMap',
    )
    .requiredOption(
      '--manifests <path>',
      'file, folder (recursive), or - for standard input; repeatable',
      repeatable((path) => path),
    )
    .addOption(listenOption('--http <addr>', '[host:]port for plain HTTP, or off', '127.0.0.1:8080'))
    .addOption(listenOption('--https <addr>', '[host:]port for HTTPS, or off', '127.0.0.1:8443'))
    .addOption(
      listenOption('--admin <addr>', '[host:]port for probes and metrics, or off', '127.0.0.1:10254'),
    )
  return addManifestOptions(command)
    .option('--workers <n>', 'processes that share the ports', wholeNumber(1, 256), 1)
    .option(
      '--explain-header',
      'tell a client that sends Postern-Explain what happened to its request',
      false,
    )
    .addOption(
      new Option(
        '--drain-delay <time>',
        'how long requests are still accepted after SIGTERM, each answered with Connection: close',
      )
        .argParser(duration)
        .default(0, '0s'),
    )
    .addOption(
      new Option('--drain-timeout <time>', 'how long requests in flight may take after SIGTERM')
        .argParser(duration)
        .default(duration('30s'), '30s'),
    )
    .addOption(new Option('--engine <name>').choices(['own', 'node']).default('own').hideHelp())
    .addOption(
      new Option('--log-format <form>', 'form of the log')
        .choices(['json', 'pretty', 'common'])
        .default('json'),
    )
    .addOption(
      new Option('--log-level <level>', 'least level that is logged').choices(LOG_LEVELS).default('info'),
    )
    .action((options: ServeOptions) => {
      if (options.engine === 'node' && options.enableSslPassthrough)
        command.error("error: '--enable-ssl-passthrough' needs '--engine own': the other one ends all TLS")
      return run(serveSettings(options))
    })
}

// The default is shown as a person would write it.
function listenOption(flags: string, description: string, fallback: string): Option {
  return new Option(flags, description).argParser(listenAddress).default(listenAddress(fallback), fallback)
}

function serveSettings(options: ServeOptions): ServeSettings {
  const { manifests, http, https, admin, redirectPort, workers, logFormat, logLevel } = options
  return {
    ...{ manifests, redirectPort, workers, logFormat, logLevel },
    ...{ http: unlessOff(http), https: unlessOff(https), admin: unlessOff(admin) },
    compile: compileSettings(options),
    drainDelayMs: options.drainDelay,
    drainTimeoutMs: options.drainTimeout,
    engine: options.engine,
    ...(options.explainHeader === true && { explainHeader: true }),
  }
}

function unlessOff(address: ListenAddress | 'off'): ListenAddress | undefined {
  return address === 'off' ? undefined : address
}

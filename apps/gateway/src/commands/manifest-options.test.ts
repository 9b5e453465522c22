import { describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { checkCommand } from './check.ts'
import { diffCommand } from './diff.ts'
import { explainCommand } from './explain.ts'
import { addManifestOptions, compileSettings, type ManifestOptions } from './manifest-options.ts'
import { serveCommand } from './serve.ts'
import { tableCommand } from './table.ts'

const flagsOf = (command: Command) => command.options.map(({ flags }) => flags)

/** What says where, how and for how long is served. None of it decides what a request is answered. */
const OF_THE_PROCESS = [
  '--manifests <path>',
  '--http <addr>',
  '--https <addr>',
  '--admin <addr>',
  '--workers <n>',
  '--explain-header',
  '--drain-delay <time>',
  '--drain-timeout <time>',
  '--engine <name>',
  '--log-format <form>',
  '--log-level <level>',
]

const SHARED = flagsOf(addManifestOptions(new Command()))

describe('what decides about requests', () => {
  // A new flag of serve belongs in addManifestOptions, or in the list above.
  test('every other flag of serve is shared', () => {
    const rest = flagsOf(serveCommand(() => Promise.resolve())).filter(
      (flags) => !OF_THE_PROCESS.includes(flags),
    )
    expect(rest).toEqual(SHARED)
  })

  test.each([checkCommand(), diffCommand(), explainCommand(), tableCommand()])(
    '$_name has every flag that is shared',
    (command) => {
      expect(flagsOf(command)).toEqual(expect.arrayContaining(SHARED))
    },
  )

  test('every shared flag reaches the compiler', () => {
    const command = addManifestOptions(new Command()).parse(
      [
        ...['--compat', 'spec', '--ingress-class', 'a', '--controller-class', 'b'],
        ...['--watch-ingress-without-class', '--configmap', 'n/c', '--default-backend-service', 'n/d'],
        ...['--default-ssl-certificate', 'n/e', '--map', 'n/s=127.0.0.1:80', '--service-dns'],
        ...['--enable-ssl-passthrough', '--redirect-port', '8443'],
      ],
      { from: 'user' },
    )
    expect(Object.keys(command.opts())).toHaveLength(SHARED.length)
    expect(compileSettings(command.opts<ManifestOptions>())).toEqual({
      ...{ compat: 'spec', ingressClasses: ['a'], controllerClass: 'b', watchIngressWithoutClass: true },
      configMap: { namespace: 'n', name: 'c' },
      defaultBackendService: { namespace: 'n', name: 'd' },
      defaultSslCertificate: { namespace: 'n', name: 'e' },
      sslPassthrough: true,
      serviceMappings: [{ namespace: 'n', service: 's', host: '127.0.0.1', targetPort: 80 }],
      ...{ serviceDns: true, httpsRedirectPort: 8443 },
    })
  })
})

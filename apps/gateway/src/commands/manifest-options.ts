import { Option, type Command } from 'commander'
import {
  DEFAULT_COMPILE_SETTINGS,
  type CompileSettings,
  type NamespacedName,
  type ServiceMapping,
} from '@postern/control-plane'
import { namespacedName, repeatable, serviceMapping, wholeNumber } from '../flags.ts'

/** The flags that say how manifests are read and what becomes of a request: the same on every command, or answers would differ from what is served. */
export interface ManifestOptions {
  readonly compat: 'ingress-nginx' | 'spec'
  readonly ingressClass?: readonly string[]
  readonly controllerClass: string
  readonly watchIngressWithoutClass: boolean
  readonly configmap?: NamespacedName
  readonly defaultBackendService?: NamespacedName
  readonly defaultSslCertificate?: NamespacedName
  readonly map?: readonly ServiceMapping[]
  readonly serviceDns: boolean
  readonly enableSslPassthrough: boolean
  readonly redirectPort?: number
}

export function addManifestOptions(command: Command): Command {
  const defaults = DEFAULT_COMPILE_SETTINGS
  const text = (value: string) => value
  return command
    .addOption(
      new Option('--compat <reading>', 'whose reading of path types, order and defaults')
        .choices(['ingress-nginx', 'spec'])
        .default(defaults.compat),
    )
    .option(
      '--ingress-class <name>',
      'an Ingress class to serve; repeatable (default: nginx)',
      repeatable(text),
    )
    .option(
      '--controller-class <name>',
      'spec.controller of the IngressClasses to serve',
      defaults.controllerClass,
    )
    .option('--watch-ingress-without-class', 'serve Ingresses without a class too', false)
    .option('--configmap <ns/name>', "global settings, ingress-nginx's keys", namespacedName)
    .option('--default-backend-service <ns/name>', 'answers what no rule matches', namespacedName)
    .option(
      '--default-ssl-certificate <ns/name>',
      'Secret that is served where no other fits',
      namespacedName,
    )
    .option(
      '--map <ns/service[:port]=host:port>',
      'where a Service without EndpointSlices lives; repeatable',
      repeatable(serviceMapping),
    )
    .option('--service-dns', 'reach such a Service by NAME.NAMESPACE (in a cluster)', false)
    .option(
      '--enable-ssl-passthrough',
      'lead TLS of hosts with the annotation ssl-passthrough to their backend unopened',
      false,
    )
    .option(
      '--redirect-port <n>',
      'port in redirects to HTTPS (default: serve takes the one of --https, the others 443)',
      wholeNumber(1, 65535),
    )
}

export function compileSettings(options: ManifestOptions): CompileSettings {
  const { configmap, defaultBackendService, defaultSslCertificate, redirectPort } = options
  return {
    ...DEFAULT_COMPILE_SETTINGS,
    compat: options.compat,
    ingressClasses: options.ingressClass ?? DEFAULT_COMPILE_SETTINGS.ingressClasses,
    controllerClass: options.controllerClass,
    watchIngressWithoutClass: options.watchIngressWithoutClass,
    serviceMappings: options.map ?? [],
    serviceDns: options.serviceDns,
    sslPassthrough: options.enableSslPassthrough,
    ...(configmap && { configMap: configmap }),
    ...(defaultBackendService && { defaultBackendService }),
    ...(defaultSslCertificate && { defaultSslCertificate }),
    ...(redirectPort !== undefined && { httpsRedirectPort: redirectPort }),
  }
}

/** `namespace/name`, taken apart. */
export interface NamespacedName {
  readonly namespace: string
  readonly name: string
}

/** Where a Service lives, from `--map NS/SERVICE[:PORT]=HOST:PORT`. */
export interface ServiceMapping {
  readonly namespace: string
  readonly service: string
  /** Port of the Service, as number or name; absent: every port. */
  readonly port?: string
  /** An address, or a name that is looked up while serving. */
  readonly host: string
  readonly targetPort: number
}

/** What the command line says about compiling. */
export interface CompileSettings {
  /** Whose reading of path types, order and defaults: the controller's that most manifests were written for, or the specification's. */
  readonly compat: 'ingress-nginx' | 'spec'
  /** Class names that are ours when no IngressClass of that name is among the manifests. */
  readonly ingressClasses: readonly string[]
  /** `spec.controller` of the IngressClasses that are ours. */
  readonly controllerClass: string
  readonly watchIngressWithoutClass: boolean
  readonly configMap?: NamespacedName
  readonly defaultBackendService?: NamespacedName
  readonly defaultSslCertificate?: NamespacedName
  readonly serviceMappings: readonly ServiceMapping[]
  /** A Service without EndpointSlices is reached as NAME.NAMESPACE. */
  readonly serviceDns: boolean
  /** Hosts with `ssl-passthrough` are led to their backend unopened; ingress-nginx's flag, off there as here. */
  readonly sslPassthrough: boolean
  /** Port in redirects to HTTPS; 443 is left out of them. */
  readonly httpsRedirectPort: number
  /** Milliseconds since 1970, to judge certificates by. Absent: nothing is said about their time. */
  readonly now?: () => number
  /** Made at start by whoever calls; used where no Secret fits. PEM. */
  readonly fallbackCertificate?: { readonly certPem: string; readonly keyPem: string }
}

/** The command line's defaults. */
export const DEFAULT_COMPILE_SETTINGS: CompileSettings = {
  compat: 'ingress-nginx',
  ingressClasses: ['nginx'],
  controllerClass: 'k8s.io/ingress-nginx',
  watchIngressWithoutClass: false,
  serviceMappings: [],
  serviceDns: false,
  sslPassthrough: false,
  httpsRedirectPort: 443,
}

/** Where things are while one case is played. */
export interface Place {
  /** Scratch folder of the case. */
  readonly folder: string
  /** Ports of nginx. */
  readonly http: number
  readonly https: number
  /** Of one endpoint of a Service. */
  readonly port: (service: string, index?: number) => number
  /** PEM of the certificate that the case's hosts share. */
  readonly certPem: string
  readonly keyPem: string
  readonly certFile: string
  readonly keyFile: string
  /** One of the case's own. */
  readonly certificate: (name: string) => PlacedCertificate
  /** Who issued them, but for those whose name begins with `foreign` or `forged`; `below` and `far` have one or two between. */
  readonly authorityPem: string
  readonly authorityFile: string
  /** Who issued the certificate of `tls` endpoints. */
  readonly upstreamAuthorityPem: string
  readonly upstreamAuthorityFile: string
}

export interface PlacedCertificate {
  readonly certPem: string
  readonly keyPem: string
  readonly certFile: string
  readonly keyFile: string
}

/** What holds for every host; from flags and, by `--configmap`, from ingress-nginx's ConfigMap keys. */
export interface GlobalSettings {
  /** Peers whose `X-Forwarded-*` are believed, as CIDRs. Empty: nobody. */
  readonly trustedProxies: readonly string[]
  /** Append the peer to a trusted `X-Forwarded-For` instead of replacing it (`compute-full-forwarded-for`). */
  readonly appendForwardedFor: boolean
  /** Expect the PROXY protocol on both listeners (`use-proxy-protocol`). */
  readonly proxyProtocol: boolean
  /** Pass header names that contain an underscore (`enable-underscores-in-headers`). */
  readonly underscoresInHeaders: boolean
  /** Sent on HTTPS answers of hosts that are not `localhost`. */
  readonly hsts?: { readonly maxAgeS: number; readonly includeSubDomains: boolean; readonly preload: boolean }
  /**
   * Answered with 200 where no rule names the host, for whoever asks before a balancer sends requests: ingress-nginx's `/healthz`.
   * A path of a rule without a host that nginx would prefer is served instead.
   */
  readonly probePath?: string
  /** Number in redirects to HTTPS; 443 is left out. */
  readonly httpsRedirectPort: number
}

export const DEFAULT_SETTINGS: GlobalSettings = {
  trustedProxies: [],
  appendForwardedFor: false,
  proxyProtocol: false,
  underscoresInHeaders: false,
  httpsRedirectPort: 443,
}

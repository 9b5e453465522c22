interface Issued {
  readonly issuerCertificate?: Issued
}

// OpenSSL itself gives up at a hundred.
const MAX_DEPTH = 100

/**
 * How many certificates stand between a leaf and the authority at the end of its chain: what OpenSSL counts against a verify
 * depth (SSL_CTX_set_verify_depth). An authority is its own issuer.
 */
export function chainDepth(leaf: Issued): number {
  let steps = 0
  for (let at = leaf; steps < MAX_DEPTH; steps++) {
    const above = at.issuerCertificate
    if (above === undefined || above === at) break
    at = above
  }
  return Math.max(0, steps - 1)
}

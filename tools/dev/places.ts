import { join } from 'node:path'

/** Where a system reads and writes. */
export interface Places {
  /** The checkout. */
  readonly root: string
  readonly stateFolder: string
  readonly ingressFolder: string
  /** The Services that the Ingresses name. */
  readonly servicesFolder: string
  readonly certsFolder: string
  /** Written at start, read by the gateway beside the other two. */
  readonly manifestsFolder: string
  readonly dataFolder: string
}

export interface PlaceOptions {
  readonly root: string
  /** Default: `.postern`, or a folder in it for a system with moved ports, so that two share nothing but certificates. */
  readonly stateFolder?: string | undefined
  readonly ingressFolder?: string | undefined
  readonly portOffset: number
}

/** A state folder of one's own brings certificates of its own; else they stand in `certs/`, as documents say. */
export function placesOf({ root, portOffset, ...given }: PlaceOptions): Places {
  const usual = join(root, '.postern', ...(portOffset === 0 ? [] : [`offset-${portOffset}`]))
  const stateFolder = given.stateFolder ?? usual
  return {
    root,
    stateFolder,
    ingressFolder: given.ingressFolder ?? join(root, 'ingress'),
    servicesFolder: join(root, 'deploy/base'),
    certsFolder: given.stateFolder === undefined ? join(root, 'certs') : join(stateFolder, 'certs'),
    manifestsFolder: join(stateFolder, 'manifests'),
    dataFolder: join(stateFolder, 'data'),
  }
}

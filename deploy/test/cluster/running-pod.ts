import type { Workload } from '../kube-object.ts'

/** A Pod that runs in the cluster of a test. */
export interface RunningPod {
  readonly name: string
  /** Its own; another one after it was stopped. */
  address: string
  readonly workload: Workload
  ready: boolean
  /** Marked the moment it is told to go: it leaves the endpoints before it stops. */
  leaving: boolean
}

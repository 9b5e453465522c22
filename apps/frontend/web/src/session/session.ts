/** Somebody who is logged in. */
export interface Session {
  readonly token: string
  /** Shown in the header. */
  readonly name: string
  /** What the service said when the session began, shown once. */
  readonly greeting?: string
}

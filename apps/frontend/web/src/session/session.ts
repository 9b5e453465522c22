/** Somebody who is logged in. */
export interface Session {
  readonly token: string
  /** Shown in the header. */
  readonly name: string
  /** The demo account's token stands for no session at the service: there is nothing to end everywhere. */
  readonly demo?: true
  /** What the service said when the session began, shown once. */
  readonly greeting?: string
}

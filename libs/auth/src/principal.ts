/** Whom a verified token speaks for. */
export interface Principal {
  /** The account's id; never empty. */
  readonly uid: string
  readonly email?: string
}

/** A store that cannot be opened or migrated; the message says which, why, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StartError'
  /** True when this user may not write at that place. */
  readonly readOnly: boolean

  constructor(message: string, options: { readonly cause: unknown; readonly readOnly?: boolean }) {
    super(message, { cause: options.cause })
    this.readOnly = options.readOnly ?? false
  }
}

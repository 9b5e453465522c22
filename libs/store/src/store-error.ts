/** A store that cannot be opened or migrated; the message says which, why, and what to do. */
export class StoreError extends Error {
  override readonly name = 'StartError'
}

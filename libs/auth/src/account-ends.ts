/** All tokens of an account from before a moment are over: its password was changed, or it was deleted. */
export interface AccountEnd {
  readonly uid: string
  readonly endedAtMs: number
}

/** The accounts that ended so lately that a token from before may not have expired yet. */
export interface AccountEnds {
  isOver(uid: string, issuedAtMs: number): boolean
  /** Asks the issuer. Never throws: without an answer the last list holds, as keys do. */
  refresh(): Promise<void>
}

/** What {@link createAccountEnds} needs. */
export interface AccountEndsOptions {
  /** The issuer's whole list; it is short, because tokens are short-lived. */
  readonly load: () => Promise<readonly AccountEnd[]>
  /** Told when the issuer falls silent (an error) and when it answers again (undefined); not at every try. */
  readonly onChange: (error: unknown) => void
}

/** Keeps the issuer's list of ended accounts, so that a token is refused without asking for each. */
export function createAccountEnds({ load, onChange }: AccountEndsOptions): AccountEnds {
  let ends: ReadonlyMap<string, number> = new Map()
  let silent = false
  return {
    isOver: (uid, issuedAtMs) => issuedAtMs <= (ends.get(uid) ?? Number.NEGATIVE_INFINITY),
    refresh: async () => {
      try {
        ends = new Map((await load()).map(({ uid, endedAtMs }) => [uid, endedAtMs]))
        if (silent) onChange(undefined)
        silent = false
      } catch (error) {
        if (!silent) onChange(error)
        silent = true
      }
    },
  }
}

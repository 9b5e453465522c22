// Ids of the contract as texts name them: `S0.4`, `S2.15`, and a range as `S0.5-S0.8`.

/** Every id of the material's rows in `text`, ranges spelled out. */
export function rowsIn(text: string): ReadonlySet<string> {
  const rows = new Set<string>()
  for (const [, source = '', from = '', to = from] of text.matchAll(/\b(S[0-4])\.(\d+)(?:[-–]\1\.(\d+))?/g))
    for (let row = Number(from); row <= Number(to); row++) rows.add(`${source}.${row}`)
  return rows
}

/** The ids in the names of tests: those at the beginning of a quoted text. */
export function rowsOfTestNames(code: string): ReadonlySet<string> {
  const names = [...code.matchAll(/['"`]((?:(?:[VDW]\d{1,2}|S[0-4]\.\d{1,2})[\s,:–-]*)+)/g)]
  return rowsIn(names.map(([, ids = '']) => ids).join('\n'))
}

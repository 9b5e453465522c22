import type { Compiled, CompileSettings, Diagnostic } from '@postern/control-plane'
import type { World } from '../world/read-world.ts'

/** What rules look at. */
export interface Checked {
  readonly world: World
  readonly compiled: Compiled
  readonly settings: CompileSettings
  readonly now: Date
}

/** One kind of finding, over everything. Adding a rule is adding a file and a line in `rules.ts`. */
export type Rule = (checked: Checked) => readonly Diagnostic[]

import { styleText } from 'node:util'
import { plain, type Paint } from '@postern/explain'

/** Colour on a terminal that wants it: `NO_COLOR` and a pipe leave the text plain (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const wanted = stream.isTTY === true && (env['NO_COLOR'] ?? '') === ''
  return wanted ? (colour, text) => styleText(colour, text, { validateStream: false }) : plain
}

const WIDEST = 100
const NARROWEST = 40

/** Columns to fill: those of a terminal, or in a pipe what COLUMNS asks for (POSIX), within reason. */
export function widthOf(stream: { readonly columns?: number }, env: NodeJS.ProcessEnv): number {
  const asked = Number(env['COLUMNS'])
  const columns = stream.columns ?? (Number.isInteger(asked) && asked > 0 ? asked : WIDEST)
  return Math.max(NARROWEST, Math.min(WIDEST, columns))
}

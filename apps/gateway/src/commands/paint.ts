import { styleText } from 'node:util'
import { plain, type Paint } from '@postern/explain'

/** Colour on a terminal that wants it: `NO_COLOR` and a pipe leave the text plain (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const wanted = stream.isTTY === true && (env['NO_COLOR'] ?? '') === ''
  return wanted ? (colour, text) => styleText(colour, text, { validateStream: false }) : plain
}

const WIDEST = 100
const NARROWEST = 40

/** Columns to fill: those of a terminal, within reason. */
export function widthOf({ columns }: { readonly columns?: number }): number {
  return Math.max(NARROWEST, Math.min(WIDEST, columns ?? WIDEST))
}

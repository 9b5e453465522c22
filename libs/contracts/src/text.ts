import { Type, type TString } from 'typebox'

/**
 * Blanks, then something to see, then anything. No character fits two parts that stand beside each other, so the time is linear: validators also
 * try the pattern on a text that is too long, to tell all that is wrong with it, and a body may be a hundred thousand characters.
 */
const VISIBLE = '^\\s*[^\\s\\u0000][^\\u0000]*$'

/**
 * Text with something to see in it: not empty and not only blanks, at most `maxLength` UTF-16 units, without the
 * character U+0000, which PostgreSQL cannot store.
 */
export function visibleText(maxLength: number, description: string): TString {
  return Type.String({ minLength: 1, maxLength, pattern: VISIBLE, description })
}

import { Type, type TString } from 'typebox'

/**
 * Text with something to see in it: not empty and not only blanks, at most `maxLength` UTF-16 units, without the
 * character U+0000, which PostgreSQL cannot store.
 */
export function visibleText(maxLength: number, description: string): TString {
  return Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000]*\\S[^\\u0000]*$', description })
}

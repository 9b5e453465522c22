import { Type, type TString } from 'typebox'

/** Text with something to see in it: not empty and not only blanks, at most `maxLength` UTF-16 units. */
export function visibleText(maxLength: number, description: string): TString {
  return Type.String({ minLength: 1, maxLength, pattern: '\\S', description })
}

/**
 * A setting that cannot be used. The message names the variable or flag, what was found, what was expected
 * and what to do; a process that meets one at start ends with exit code 2.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  /** The environment variable or flag at fault, for example `PORT` or `-http`. */
  readonly setting: string

  constructor(setting: string, found: string | undefined, expected: string) {
    const value = found === undefined ? 'is missing' : `is ${JSON.stringify(shortened(found))}`
    super(`${setting} ${value}: expected ${expected}`)
    this.setting = setting
  }
}

const LONGEST_SHOWN = 120

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text
}

import { SettingsError } from './settings-error.ts'

const TRUE = new Set(['1', 'true', 'yes', 'on'])
const FALSE = new Set(['0', 'false', 'no', 'off'])

/** Reads a yes/no setting; absent and empty mean no. */
export function parseSwitch(setting: string, text: string | undefined): boolean {
  const word = (text ?? '').trim().toLowerCase()
  if (word === '' || FALSE.has(word)) return false
  if (TRUE.has(word)) return true
  throw new SettingsError(setting, text, 'one of 1, true, yes, on, 0, false, no, off')
}

/** Reads a whole number within bounds; absent and empty give the default. */
export function parseInteger(
  setting: string,
  text: string | undefined,
  bounds: { readonly min: number; readonly max: number; readonly absent: number },
): number {
  const word = (text ?? '').trim()
  if (word === '') return bounds.absent
  const value = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN
  if (value >= bounds.min && value <= bounds.max) return value
  throw new SettingsError(setting, text, `a whole number from ${bounds.min} to ${bounds.max}`)
}

/** Reads a TCP port. Kubernetes injects `NAME_PORT=tcp://…` for every Service: such a value gets a hint. */
export function parsePort(setting: string, text: string | undefined, absent: number): number {
  if (text?.startsWith('tcp://') === true) {
    throw new SettingsError(
      setting,
      text,
      'a port number; this looks like a variable that Kubernetes injects for a Service',
    )
  }
  return parseInteger(setting, text, { min: 0, max: 65_535, absent })
}

/** Reads one word of a fixed list; absent and empty give the default. */
export function parseChoice<T extends string>(
  setting: string,
  text: string | undefined,
  choices: readonly T[],
  absent: T,
): T {
  const word = (text ?? '').trim().toLowerCase()
  if (word === '') return absent
  const choice = choices.find((candidate) => candidate === word)
  if (choice === undefined) throw new SettingsError(setting, text, `one of ${choices.join(', ')}`)
  return choice
}

import { styleText } from 'node:util'

const COLOURS = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'red'] as const
const WIDTH = 15

/** Puts the app's name in front of each of its lines, in a colour of its own where the terminal has colours. */
export function prefixer(
  write: (line: string) => void,
  form: (line: string) => string,
): (app: string, line: string) => void {
  const colourOf = new Map<string, (typeof COLOURS)[number]>()
  return (app, line) => {
    const colour = colourOf.get(app) ?? COLOURS[colourOf.size % COLOURS.length] ?? 'cyan'
    colourOf.set(app, colour)
    write(`${styleText(colour, app.padEnd(WIDTH))} │ ${form(line)}`)
  }
}

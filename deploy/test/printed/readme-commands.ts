// The commands that a README prints, each with the answer it promises.

export interface PrintedCommand {
  readonly command: string
  /** What is printed after `#`, or in `# …` lines below; prose is among it. */
  readonly expected: string
}

const INDENT = /^ {4}/
const TRAILING_COMMENT = /^(.*?)\s+# (.*)$/

/** What stands under the heading that starts with `title`. @throws Error when there is none. */
export function sectionOf(page: string, title: string): string {
  const found = page.split(/^(?=## )/m).find((section) => section.startsWith(`## ${title}`))
  if (found === undefined) throw new Error(`no section '${title}'`)
  return found
}

/** Lines of indented blocks; `# …` lines belong to the command before them, `do …` goes on with a loop. */
export function commandsOf(readme: string): readonly PrintedCommand[] {
  const commands: { command: string; expected: string }[] = []
  for (const line of readme.split('\n').filter((one) => INDENT.test(one))) {
    const text = line.trim()
    const last = commands.at(-1)
    if (text.startsWith('#')) {
      if (last !== undefined) last.expected = `${last.expected}\n${text.replace(/^#\s*/, '')}`.trim()
      continue
    }
    const [, command = text, expected = ''] = TRAILING_COMMENT.exec(text) ?? []
    if (last !== undefined && command.startsWith('do ')) last.command += `\n${command}`
    else commands.push({ command, expected })
  }
  return commands
}

const LOOKS_PRINTED = /^\{|^<|^… |^deployment "|^No resources|^authorization failed$|^HTTP\/|^Hello/

/**
 * The answer as a pattern: `…` stands for anything, a status in front of a body is curl's and not printed, blanks are
 * alike. Undefined for a sentence about the answer.
 */
export function patternOf(expected: string): RegExp | undefined {
  const body = expected.replace(/^\d{3} (?=[{<])/, '').replace(/(\}), always.*$/, '$1')
  if (!LOOKS_PRINTED.test(body)) return undefined
  const [first = ''] = body.split('\n')
  const parts = first.split('…').map((part) =>
    part
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\s+/g, '\\s+'),
  )
  return new RegExp(parts.join('[\\s\\S]*?'))
}

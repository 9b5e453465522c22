// What a shell makes of the loops that READMEs print: `for name in a b; do kubectl … $name-tls; done`.

const LOOP = /for (\w+) in ([\w.: -]+?)\s*[;\n]\s*do\s([\s\S]*?)[;\n]\s*done/g

/** Every loop over words that stand in the text as its passes, a line each; a loop over files stays as it is. */
export function expandLoops(script: string): string {
  return script.replaceAll(LOOP, (_, variable: string, words: string, body: string) =>
    words
      .split(/\s+/)
      .map((word) => body.replaceAll(new RegExp(`\\$${variable}\\b`, 'g'), word))
      .join('\n'),
  )
}

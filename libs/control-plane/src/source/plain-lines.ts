/** Says that a text uses more of YAML than the quick reader knows. Not an error of the text. */
export class NotPlain extends Error {}

// Tabs, carriage returns, other control characters and breaks that only some versions of YAML know.
const ODD_CHARACTER = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/

/** The lines of a text, and the one being read. Offsets count UTF-16 units from the beginning of the text. */
export class PlainLines {
  readonly text: string
  readonly #starts: number[] = [0]
  #line = -1
  /** Offset of the first character of the current line that is no space. */
  content = 0
  /** Offset behind the last character of the current line that is no space. */
  end = 0
  /** Spaces before `content`; -1 at the end of the document. */
  indent = -1

  /** @throws NotPlain */
  constructor(text: string) {
    if (ODD_CHARACTER.test(text)) throw new NotPlain('an odd character')
    this.text = text
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  get starts(): readonly number[] {
    return this.#starts
  }

  /** Goes to the next line that is neither empty nor a comment; a line `---` or the text's end is the document's end. */
  advance(): void {
    for (;;) {
      this.#line += 1
      this.#measure()
      if (this.#line >= this.#starts.length || this.#atMarker()) {
        this.indent = -1
        return
      }
      if (this.content < this.end && this.text[this.content] !== '#') return
    }
  }

  /** Whether the text is over; else the next document begins at the line after the current one. */
  get isOver(): boolean {
    return this.#line >= this.#starts.length
  }

  /** Column, from 0, of an offset in the current line. */
  columnOf(offset: number): number {
    return offset - (this.#starts[this.#line] ?? 0)
  }

  /**
   * The lines below the current one that are empty or deeper than `column`, as a literal block of YAML reads them
   * (YAML 1.2 §8.1.2), and goes on behind them. @throws NotPlain
   */
  takeBlock(column: number): string {
    const lines: string[] = []
    let blockIndent = -1
    for (;;) {
      this.#line += 1
      this.#measure()
      const isEmpty = this.content >= this.end
      if (this.#line >= this.#starts.length || (!isEmpty && this.indent <= column)) break
      if (!isEmpty && blockIndent === -1) blockIndent = this.indent
      if (isEmpty ? blockIndent === -1 : this.indent < blockIndent) throw new NotPlain('an uneven block')
      const start = this.#starts[this.#line] ?? 0
      lines.push(this.text.slice(start + blockIndent, Math.max(start + blockIndent, this.#breakAt())))
    }
    if (blockIndent === -1) throw new NotPlain('an empty block')
    this.#line -= 1
    this.advance()
    return lines.join('\n').replace(/\n+$/, '')
  }

  #breakAt(): number {
    const next = this.#starts[this.#line + 1]
    return next === undefined ? this.text.length : next - 1
  }

  #measure(): void {
    const { text } = this
    const start = this.#starts[this.#line] ?? text.length
    let [content, end] = [start, this.#breakAt()]
    while (content < end && text.charCodeAt(content) === 0x20) content += 1
    while (end > content && text.charCodeAt(end - 1) === 0x20) end -= 1
    this.content = content
    this.end = end
    this.indent = content - start
  }

  #atMarker(): boolean {
    if (this.indent !== 0) return false
    const line = this.text.slice(this.content, this.end)
    if (/^(?:%|\.\.\.(?: |$)|--- )/.test(line)) throw new NotPlain('a directive or a document on its marker')
    return line === '---'
  }
}

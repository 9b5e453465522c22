type OnLine = (app: string, line: string) => void

/**
 * While the system starts, twelve apps say the same things. Drops a line whose words another app has said already, until
 * `isStarting` ends; `wordsOf` takes off what differs anyway, such as the time.
 */
export function withoutRepeats(
  onLine: OnLine,
  isStarting: () => boolean,
  wordsOf: (line: string) => string,
): OnLine {
  const saidBy = new Map<string, string>()
  return (app, line) => {
    if (isStarting()) {
      const words = wordsOf(line)
      const first = saidBy.get(words) ?? app
      saidBy.set(words, first)
      if (first !== app) return
    }
    onLine(app, line)
  }
}

let second = -1
let line = ''

/** `Date: …` with its line end, made once per second (RFC 9110 §5.6.7). */
export function httpDate(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    line = `Date: ${new Date(now * 1000).toUTCString()}\r\n`
  }
  return line
}

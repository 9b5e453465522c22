/** Adds the samples of several processes in Prometheus text form; comments and order are the first one's. */
export function sumMetrics(texts: readonly string[]): string {
  const sums = new Map<string, number>()
  const lines: string[] = []
  for (const [i, text] of texts.entries()) {
    for (const line of text.split('\n')) {
      if (line === '' || line.startsWith('#')) {
        if (i === 0 && line !== '') lines.push(line)
        continue
      }
      const cut = line.lastIndexOf(' ')
      const sample = line.slice(0, cut)
      if (!sums.has(sample)) insertBesideKin(lines, sample)
      sums.set(sample, (sums.get(sample) ?? 0) + Number(line.slice(cut + 1)))
    }
  }
  return `${lines.map((line) => (line.startsWith('#') ? line : `${line} ${String(sums.get(line) ?? 0)}`)).join('\n')}\n`
}

// The format wants all samples of one metric together.
function insertBesideKin(lines: string[], sample: string): void {
  const name = sample.replace(/\{.*/, '')
  const kin = lines.findLastIndex(
    (line) => line === sample || line.startsWith(`${name}{`) || line.startsWith(`# TYPE ${name} `),
  )
  lines.splice(kin < 0 ? lines.length : kin + 1, 0, sample)
}

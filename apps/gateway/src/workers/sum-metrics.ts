import { combineSamples } from './combine-samples.ts'

interface Family {
  /** Its HELP and TYPE. */
  readonly header: string[]
  readonly samples: Map<string, number>
}

/**
 * Several processes in Prometheus text form, as one. The format wants all samples of a metric in one block under its TYPE:
 * a sample that only a later process has joins the block of its metric there.
 */
export function sumMetrics(texts: readonly string[]): string {
  const families = new Map<string, Family>()
  for (const text of texts) addText(families, text)
  const lines = [...families.values()].flatMap(({ header, samples }) => [
    ...header,
    ...[...samples].map(([sample, value]) => `${sample} ${String(value)}`),
  ])
  return `${lines.join('\n')}\n`
}

function addText(families: Map<string, Family>, text: string): void {
  let name = ''
  for (const line of text.split('\n')) {
    if (line === '') continue
    const comment = /^# (?:HELP|TYPE) (\S+)/.exec(line)
    // `x_bucket`, `x_sum` and `x_count` have no header of their own: they stand under that of x.
    name = comment?.[1] ?? name
    const family = families.get(name) ?? { header: [], samples: new Map<string, number>() }
    families.set(name, family)
    if (comment === null) addSample(family.samples, name, line)
    else if (!family.header.includes(line)) family.header.push(line)
  }
}

function addSample(samples: Map<string, number>, name: string, line: string): void {
  const cut = line.lastIndexOf(' ')
  const sample = line.slice(0, cut)
  const value = Number(line.slice(cut + 1))
  const before = samples.get(sample)
  samples.set(sample, before === undefined ? value : combineSamples(name, before, value))
}

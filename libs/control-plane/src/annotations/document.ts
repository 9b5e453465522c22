import { controller } from './controller.ts'
import type { Feature, Key, Keys, Verdict } from './feature.ts'
import { ALL_FEATURES, ALL_OWN_FEATURES, PREFIX } from './features.ts'

/** Names of the golden cases that use a key; their files stand in libs/control-plane/testdata. */
export type CasesOf = (key: string) => readonly string[]

/** docs/annotations.md: what every annotation and ConfigMap key means, from the same declarations that parse them. */
export function annotationsPage(): string {
  const sections = [...ALL_FEATURES, ...ALL_OWN_FEATURES].map(([, feature]) => featureSection(feature))
  return `# Annotations

Generated from \`libs/control-plane/src/annotations/\`; a test holds it to them. Names without a prefix stand
behind \`${PREFIX}\`.
Values are strings and must be quoted in YAML. A value that cannot be understood is reported with its place; then its default
holds, or, where it guards its paths (marked 503), they all answer 503. "ConfigMap" names the key of the ConfigMap given with
\`--configmap\` that sets the default for all Ingresses. How each compares with ingress-nginx: [compatibility.md](compatibility.md).

${sections.join('\n')}
## Global settings

${controller.docs}

${table(
  ['key', 'meaning', 'default'],
  Object.entries(controller.keys).map(([name, key]) => [code(name), key.meaning, defaultOf(key)]),
)}`
}

function featureSection({ name, docs, keys }: Feature<Keys>): string {
  const rows = Object.entries(keys).map(([key, spec]) => [
    code(key),
    spec.meaning,
    defaultOf(spec),
    spec.bad === 'deny' ? '503' : 'default',
    spec.global === undefined ? '' : code(spec.global),
  ])
  return `## ${name}\n\n${docs}\n\n${table(['annotation', 'meaning', 'default', 'bad value', 'ConfigMap'], rows)}`
}

/** docs/compatibility.md: one verdict for each of the names that ingress-nginx accepts. */
export function compatibilityPage(casesOf: CasesOf): string {
  const all = ALL_FEATURES.flatMap(([, feature]) => Object.entries(feature.keys))
  const rows = all
    .sort(([a, left], [b, right]) => left.tier - right.tier || (a < b ? -1 : 1))
    .map(([name, key]) => [
      String(key.tier),
      code(name),
      words(key.verdict),
      casesOf(name).map(code).join(' '),
    ])
  return `# Compatibility with ingress-nginx

Generated from \`libs/control-plane/src/annotations/\`; a test holds it to them. One verdict for each of the ${all.length} names that
ingress-nginx accepts behind \`${PREFIX}\`. Tier 1 is what people use most, tier 2 what some use, tier 3 what is refused or has
nothing to do here. The last column names golden cases in \`libs/control-plane/testdata/\`, which show what the
annotation becomes in the routing table and what is reported.

${summary(all.map(([, key]) => key.verdict))}

${table(['tier', 'annotation', 'verdict', 'cases'], rows)}`
}

function words(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'same':
      return 'same'
    case 'differs':
      return `**differs**: ${verdict.how}`
    case 'no-op':
      return `no-op: ${verdict.because}`
    case 'refused':
      return `**refused**: ${verdict.because}`
  }
}

function summary(verdicts: readonly Verdict[]): string {
  const kinds: readonly Verdict['kind'][] = ['same', 'differs', 'no-op', 'refused']
  return kinds.map((kind) => `${verdicts.filter((v) => v.kind === kind).length} ${kind}`).join(', ') + '.'
}

function defaultOf(key: Key<unknown>): string {
  if (key.defaultText !== undefined) return key.defaultText
  return key.default === undefined || String(key.default) === '' ? '' : code(String(key.default))
}

function code(text: string): string {
  return `\`${text}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

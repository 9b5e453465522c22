// Lints every fixture as if it stood in the room its first line names, and prints what was reported as JSON.
// A process of its own, because ESLint and Nx load their plugins with require, which Jest's module registry replaces.
import { ESLint, type Linter } from 'eslint'
import { createProjectGraphAsync } from '@nx/devkit'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const fixtures = join(import.meta.dirname, 'fixtures')

/** What a fixture claims about itself, and what ESLint said. */
export interface LintedFixture {
  readonly name: string
  readonly place: string
  readonly rule: string
  readonly says: string
  readonly reported: readonly { readonly rule: string | null; readonly message: string }[]
}

function header(text: string, name: string): string {
  return new RegExp(`^// ${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
}

const BORDERS = '@nx/enforce-module-boundaries'

/** ESLint with the rules that hold at `place`, but for cycles: one that exists today would be reported instead of the border. */
async function eslintFor(place: string): Promise<ESLint> {
  const { rules } = (await plain.calculateConfigForFile(place)) as { rules: Record<string, unknown[]> }
  const [severity, options] = rules[BORDERS] ?? []
  const withCycles: Linter.RuleEntry = [
    severity as 'error',
    { ...(options as object), ignoredCircularDependencies: pairs },
  ]
  return new ESLint({
    cwd: root,
    overrideConfig: [{ files: ['**/*.ts', '**/*.tsx'], rules: { [BORDERS]: withCycles } }],
  })
}

// The border rule reads the project graph and passes everything when there is none.
const graph = await createProjectGraphAsync({ exitOnError: true, resetDaemonClient: true })
const projects = Object.keys(graph.nodes)
const pairs = projects.flatMap((from) => projects.filter((to) => to !== from).map((to) => [from, to]))
const plain = new ESLint({ cwd: root })

const linted: LintedFixture[] = []
for (const name of (await readdir(fixtures)).sort()) {
  const text = await readFile(join(fixtures, name), 'utf8')
  const place = header(text, 'stands in')
  const eslint = await eslintFor(join(root, place))
  const [result] = await eslint.lintText(text, { filePath: join(root, place) })
  const reported = (result?.messages ?? []).map(({ ruleId, message }) => ({ rule: ruleId, message }))
  linted.push({ name, place, rule: header(text, 'reported by'), says: header(text, 'says'), reported })
}
console.log(JSON.stringify(linted))

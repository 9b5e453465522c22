// The lists that name every app: what runs with `npm start`, which images there are, what a cluster gets.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NewService } from './app-files.ts'

interface Addition {
  readonly file: string
  /** A line of the list; the new one goes before it. */
  readonly before: string
  readonly line: string
}

/** Adds the service to the lists; a list whose mark is gone is an error that says what to add by hand. */
export async function addToLists(
  { name }: NewService,
  root: string,
): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const additions: readonly Addition[] = [
    {
      file: 'tools/dev/topology.ts',
      before: '  ...hello,\n',
      line: `  { name: '${name}', folder: 'apps/${name}', stopStage: 2, services: ['default/${name}-service'] },\n`,
    },
    {
      file: 'deploy/images/images.ts',
      before: "  image('gateway',",
      line: `  image('${name}', [\`${name}:\${VERSION}\`]),\n`,
    },
    { file: 'deploy/base/kustomization.yaml', before: '  - default-backend\n', line: `  - ${name}\n` },
    { file: 'ingress/kustomization.yaml', before: '  - default-backend.yaml\n', line: `  - ${name}.yaml\n` },
  ]
  return Promise.all(
    additions.map(async (addition) => ({ file: addition.file, text: await withLine(root, addition) })),
  )
}

async function withLine(root: string, { file, before, line }: Addition): Promise<string> {
  const text = await readFile(join(root, file), 'utf8')
  if (!text.includes(before)) {
    throw new Error(
      `${file} has no line ${JSON.stringify(before.trim())} any more; add this by hand: ${line.trim()}`,
    )
  }
  return text.replace(before, () => line + before)
}

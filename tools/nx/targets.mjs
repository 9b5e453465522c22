// The targets of every project, inferred from its package.json, so that a project carries no task configuration of its own.
// Nx calls this file while it makes the project graph: https://nx.dev/docs/extending-nx/project-graph-plugins
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const JEST = 'node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js'
const fromRoot = (command, more = {}) => ({ command, options: { cwd: '{workspaceRoot}' }, ...more })

/** @param {string} root @param {boolean} isWeb */
function targetsFor(root, isWeb) {
  return {
    build: fromRoot(isWeb ? `vite build ${root}` : `node tools/build.ts ${root}`),
    test: fromRoot(`${JEST} --passWithNoTests ${root}/`),
    lint: fromRoot(`eslint --max-warnings 0 ${root}`),
    typecheck: fromRoot(`tsc --noEmit -p ${root}/tsconfig.json`),
  }
}

// What belongs to no app and no lib: tools, certificates, manifests, benches. Its tests start the whole system, so
// every source is an input of theirs.
const HOUSE = ['tools', 'certs', 'bench', 'deploy']
const everySource = [
  ...[...HOUSE, 'apps', 'libs', 'ingress', 'docs'].flatMap((folder) => [
    `{workspaceRoot}/${folder}/**/*`,
    `!{workspaceRoot}/${folder}/**/dist/**/*`,
  ]),
  '{workspaceRoot}/*',
]
const house = {
  name: 'house',
  root: '.',
  tags: ['type:house'],
  targets: {
    format: fromRoot('prettier --check --log-level warn .', { inputs: everySource, cache: true }),
    lint: fromRoot(
      `eslint --max-warnings 0 --no-error-on-unmatched-pattern ${HOUSE.join(' ')} jest.config.ts eslint.config.mjs`,
      {
        inputs: everySource,
      },
    ),
    typecheck: fromRoot('tsc --noEmit -p tsconfig.json', { inputs: everySource }),
    test: fromRoot(`${JEST} --passWithNoTests ${HOUSE.map((folder) => `${folder}/`).join(' ')}`, {
      inputs: everySource,
    }),
  },
}

export const name = 'postern-targets'

export const createNodesV2 = [
  '{{apps,libs}/**/package.json,tools/nx/targets.mjs}',
  (files, _options, { workspaceRoot }) =>
    files
      .filter((file) => !file.includes('node_modules') && !file.includes('/dist/'))
      .map((file) => {
        if (file === 'tools/nx/targets.mjs') return [file, { projects: { '.': house } }]
        const root = dirname(file)
        const isWeb = existsSync(join(workspaceRoot, root, 'vite.config.ts'))
        return [file, { projects: { [root]: { root, targets: targetsFor(root, isWeb) } } }]
      }),
]

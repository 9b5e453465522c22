// The targets of every project, inferred from its package.json, so that a project carries no task configuration of its own.
// Nx calls this file while it makes the project graph: https://nx.dev/docs/extending-nx/project-graph-plugins
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const JEST = 'node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js'

/** @param {string} root @param {boolean} isWeb */
function targetsFor(root, isWeb) {
  const fromRoot = (command) => ({ command, options: { cwd: '{workspaceRoot}' } })
  return {
    build: fromRoot(isWeb ? `vite build ${root}` : `node tools/build.ts ${root}`),
    test: fromRoot(`${JEST} --passWithNoTests ${root}/`),
    lint: fromRoot(`eslint --max-warnings 0 ${root}`),
    typecheck: fromRoot(`tsc --noEmit -p ${root}/tsconfig.json`),
  }
}

export const name = 'postern-targets'

export const createNodesV2 = [
  '{apps,libs}/**/package.json',
  (files, _options, { workspaceRoot }) =>
    files
      .filter((file) => !file.includes('node_modules') && !file.includes('/dist/'))
      .map((file) => {
        const root = dirname(file)
        const isWeb = existsSync(join(workspaceRoot, root, 'vite.config.ts'))
        return [file, { projects: { [root]: { root, targets: targetsFor(root, isWeb) } } }]
      }),
]

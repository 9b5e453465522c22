import type { Config } from 'jest'

// One configuration for every project. `npm test` runs *.test.ts, which need only Node;
// `npm run e2e` sets E2E and runs *.e2e.ts, which need real servers.
const e2e = process.env['E2E'] === '1'

const config: Config = {
  testMatch: e2e ? ['**/*.e2e.ts'] : ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', tsx: false }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!@postern/)'],
  testEnvironmentOptions: { customExportConditions: ['@postern/source', 'node', 'node-addons'] },
  reporters: ['default', '<rootDir>/tools/log-scan/reporter.mjs', '<rootDir>/tools/jest-closing-line.mjs'],
  coverageProvider: 'v8',
  testTimeout: e2e ? 120_000 : 20_000,
  maxWorkers: e2e ? 1 : 2,
}

export default config

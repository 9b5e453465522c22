import js from '@eslint/js'
import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

// The borders between the rooms of ARCHITECTURE.md. Every rule has an example that breaks it under
// tools/borders/, and a test that proves the rule reports it.
const borders = [
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'contract:pure', bannedExternalImports: ['*'] },
  {
    sourceTag: 'plane:control',
    onlyDependOnLibsWithTags: ['type:contract'],
    bannedExternalImports: ['fastify', '@fastify/*', 'undici'],
  },
  {
    sourceTag: 'plane:data',
    onlyDependOnLibsWithTags: ['type:contract', 'type:engine', 'kit:auth'],
    bannedExternalImports: ['yaml', 'kubernetes-models', 'undici', 'fastify', '@fastify/*'],
  },
  // The tools start the apps as processes; they know none of their code.
  {
    // The service kit for bench/kit.ts, which measures it.
    sourceTag: 'type:house',
    onlyDependOnLibsWithTags: ['type:contract', 'type:test', 'type:engine', 'kit:service'],
  },
  { sourceTag: 'type:engine', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'engine:own', bannedExternalImports: ['*'] },
  { sourceTag: 'type:explain', onlyDependOnLibsWithTags: ['type:contract', 'plane:control', 'plane:data'] },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: ['type:contract', 'type:kit'] },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'type:contract',
      'type:kit',
      'plane:control',
      'plane:data',
      'type:engine',
      'type:explain',
    ],
  },
  { sourceTag: 'scope:service', notDependOnLibsWithTags: ['plane:control', 'plane:data', 'type:engine'] },
  {
    sourceTag: 'runs:browser',
    onlyDependOnLibsWithTags: ['runs:anywhere'],
    bannedExternalImports: ['fastify', '@fastify/*', 'undici'],
  },
  {
    sourceTag: 'type:test',
    onlyDependOnLibsWithTags: ['type:contract', 'type:kit', 'type:engine', 'plane:control', 'plane:data'],
  },
]

const testFiles = [
  '**/*.{test,e2e,bench,cases}.ts',
  '{apps,libs,deploy}/**/test/**/*.ts',
  'apps/gateway/parity/**/*.ts',
]

// Tests stand outside the borders of the room they test: they may use the test kit, an engine and any package.
const testBorders = borders.map(({ sourceTag, onlyDependOnLibsWithTags, notDependOnLibsWithTags }) => ({
  sourceTag,
  ...(onlyDependOnLibsWithTags && {
    onlyDependOnLibsWithTags: [
      ...onlyDependOnLibsWithTags,
      'type:test',
      'type:engine',
      'plane:control',
      'plane:data',
    ],
  }),
  ...(notDependOnLibsWithTags && { notDependOnLibsWithTags }),
}))

const nodeBuiltins = {
  regex: '^node:',
  message: 'This room runs anywhere: it may not import Node built-ins.',
}

export default tseslint.config(
  { ignores: ['**/dist/**', '**/coverage/**', '**/node_modules/**', 'tools/borders/fixtures/**'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.mjs'],
    plugins: { '@nx': nx },
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: borders }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'no-control-regex': 'off',
    },
  },
  {
    files: testFiles,
    rules: { '@nx/enforce-module-boundaries': ['error', { allow: [], depConstraints: testBorders }] },
  },
  // Tools speak to a person in a terminal.
  { files: ['tools/**', 'bench/**', 'certs/**', 'deploy/**'], rules: { 'no-console': 'off' } },
  {
    files: [
      'libs/routing-table/src/**',
      'libs/exchange/src/**',
      'libs/contracts/src/**',
      'apps/frontend/web/src/**',
    ],
    ignores: ['**/*.test.ts', '**/*.bench.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [nodeBuiltins] }] },
  },
  // Inside the data plane a stage knows its own folder only; pipeline.ts and prepare.ts know all stages.
  {
    files: ['libs/data-plane/src/*/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['../*/*'], message: 'A stage may not import a sibling stage.' }] },
      ],
    },
  },
  // Only the engines touch the wire.
  {
    files: ['libs/data-plane/src/**', 'libs/control-plane/src/**', 'libs/explain/src/**'],
    ignores: ['**/*.test.ts', '**/*.bench.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(ImportDeclaration, ImportExpression, ExportNamedDeclaration, ExportAllDeclaration)[source.value=/^node:(http|https|http2|net|tls)$/]',
          message: 'Only an engine may import node:http, node:net or node:tls.',
        },
      ],
    },
  },
  {
    files: [...testFiles, 'libs/testing/src/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  // What is skipped for want of a part is said loudly.
  { files: ['**/*.e2e.ts', '**/*.bench.ts'], rules: { 'no-console': 'off' } },
)

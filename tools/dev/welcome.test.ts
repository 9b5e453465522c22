import { expect, test } from '@jest/globals'
import { join } from 'node:path'
import { fixedPorts } from './addresses.ts'
import type { RunningSystem } from './start-system.ts'
import { welcome } from './welcome.ts'

const at = (certs: string): RunningSystem => ({
  ports: fixedPorts(0),
  authorityFile: join(process.cwd(), certs, 'ca.crt'),
  children: [],
  stop: () => Promise.resolve(),
})

test.each([
  ['certs', '--cacert certs/ca.crt -H'],
  ["my state/l'été", `--cacert 'my state/l'\\''été/ca.crt' -H`],
])('the line to paste is one that a shell reads, with certificates in %j', (folder, words) => {
  expect(welcome(at(folder), true)).toContain(words)
})

test('every address that is printed answers with something to see, or says where that is', () => {
  const page = welcome(at('certs'), true)
  for (const host of [
    'users.demo.localhost:8443',
    'tasks.demo.localhost:8443',
    'localhost:8080',
    'localhost:8000',
  ])
    expect(page).toMatch(new RegExp(`/${host}/ +.*; /docs`))
})

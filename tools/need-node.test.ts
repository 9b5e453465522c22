import { expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const script = join(import.meta.dirname, 'need-node.mjs')

const onNode = (version: string) => {
  const versions = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`
  const options = ['--import', `data:text/javascript,${encodeURIComponent(versions)}`, script]
  return spawnSync(process.execPath, options, { encoding: 'utf8' })
}

test('a Node that cannot run the project says where the right one comes from', () => {
  const { status, stderr } = onNode('20.20.2')
  expect(status).toBe(1)
  expect(stderr).toMatch(/^This is Node 20\.20\.2, .*`npm ci` brings the right one/)
})

test.each(['24.9.0', process.versions.node])('Node %s says nothing', (version) => {
  expect(onNode(version)).toMatchObject({ status: 0, stderr: '' })
})

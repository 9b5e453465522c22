// A link that leads nowhere is a bug of the page it stands on.
import { expect, test } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', '{apps,libs,deploy,docs,ingress,bench,certs,changelog.d}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', '**/dist/**'],
}).sort()

test.each(pages)('every local link of %s leads somewhere', (page) => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '')
  const local = targets.filter((target) => !/^(https?:|mailto:|#)/.test(target))
  const missing = local.filter((target) => !existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))))
  expect(missing).toEqual([])
})

// A link that leads nowhere is a bug of the page it stands on; so are a path and a command that are no more.
import { expect, test } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { anchorsOf } from './anchors-of.ts'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', '{apps,libs,deploy,docs,ingress,bench,certs,changelog.d}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', '**/dist/**'],
}).sort()
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found ?? '')
const isThere = (target: string): boolean => {
  const [file = '', anchor] = target.split('#')
  return existsSync(file) && (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor))
}

test.each(pages)('every local link of %s leads somewhere, to its heading if it names one', (page) => {
  const links = all(read(page).replaceAll(/```[\s\S]*?```/g, ''), /\]\(([^)\s]+)\)/g)
  const local = links.filter((link) => !/^(https?:|mailto:)/.test(link))
  const target = (link: string): string =>
    link.startsWith('#') ? join(root, page) + link : join(root, dirname(page), link)
  expect(local.filter((link) => !isThere(target(link)))).toEqual([])
})

// Made on each machine and kept out of git: a new clone has none of them.
const MADE = /^certs\/[\w-]+\.(?:crt|key|pem)$/

test.each(pages)('every file and folder that %s names by its path is there', (page) => {
  // Without an ending `apps/v1` is the version of an API.
  const named = all(read(page), /`((?:apps|bench|certs|deploy|docs|ingress|libs|tools)\/[\w./-]+\.\w+)`/g)
  expect(named.filter((path) => !MADE.test(path) && !existsSync(join(root, path)))).toEqual([])
})

test('every npm script that a page names is one', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = pages.flatMap((page) => all(read(page), /npm run ([\w:]+)/g))
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  expect(named).toContain('check')
})

test.each(pages)(
  '%s runs TypeScript by the Node that npm ci brings: an older one of the shell cannot',
  (page) => {
    const bare = all(read(page), /^(?: {4}|\$ )?(node .*\.ts\b.*)$/gm)
    expect([...bare, ...all(read(page), /`(node [^`]*\.ts\b[^`]*)`/g)]).toEqual([])
  },
)

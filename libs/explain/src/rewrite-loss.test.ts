import { expect, test } from '@jest/globals'
import { rewriteLoss } from './rewrite-loss.ts'

test.each([
  ['/api', '/', 'rewrite-drops-path', 'write the path as /api(/|$)(.*) with', 'rewrite-target: /$2'],
  ['/api/', '/v1', 'rewrite-drops-path', 'write the path as /api(/|$)(.*) with', 'rewrite-target: /v1/$2'],
  ['/', '/shop', 'rewrite-drops-path', 'write the path as /(.*) with', 'rewrite-target: /shop/$1'],
  ['/', '/', 'rewrite-drops-path', 'leave rewrite-target out', 'if nothing is to be rewritten'],
  ['/api/.*', '/', 'rewrite-drops-path', 'into a group of the path', 'write $1'],
  ['/api', '/$1', 'rewrite-group-missing', 'write the path as /api(/|$)(.*) with', 'rewrite-target: /$2'],
  ['/', '/$2', 'rewrite-group-missing', 'write the path as /()(.*) with pathType'],
  ['/api/(.*)', '/$2', 'rewrite-group-missing', 'write $1', 'add the group'],
  ['/(?:a|b)/(.*)', '/$2', 'rewrite-group-missing', 'write $1', 'add the group'],
  ['/api/[(](.*)\\(', '/$2', 'rewrite-group-missing', 'write $1', 'add the group'],
])('%s with rewrite-target %s: %s', (pattern, target, code, ...fixes) => {
  const loss = rewriteLoss(pattern, target)
  expect(loss?.code).toBe(code)
  for (const part of fixes) expect(loss?.fix).toContain(part)
})

test.each([
  ['/api(/|$)(.*)', '/$2'],
  ['/(?<rest>.*)', '/$1'],
  ['/(v1|v2)/(.*)', '/$2'],
  ['/(old)/.*', '/new'],
  ['/health$', '/'],
  ['/api', 'https://new.example/'],
])('%s with rewrite-target %s loses nothing that was not meant', (pattern, target) => {
  expect(rewriteLoss(pattern, target)).toBeUndefined()
})

import { expect, test } from '@jest/globals'
import { anchorsOf } from './anchors-of.ts'

test('headings become the anchors that GitHub gives them', () => {
  const page = [
    '# From nothing to `curl https://…` on minikube',
    '## 3b. With Postern',
    '## With [links](x.md), and more',
    '```',
    '# no heading',
    '```',
    '## 3b. With Postern',
  ].join('\n')
  expect(anchorsOf(page)).toEqual([
    'from-nothing-to-curl-https-on-minikube',
    '3b-with-postern',
    'with-links-and-more',
    '3b-with-postern-1',
  ])
})

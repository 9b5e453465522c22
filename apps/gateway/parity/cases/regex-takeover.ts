import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { pass, regex, server } from '../nginx-parts.ts'
import { get } from '../observe.ts'

const HOST = 'regex.example'

export const regexTakeover: ParityCase = {
  name: 'one regular expression takes over its host',
  source:
    'template.go enforceRegexModifier, buildLocation; controller.go: locations are sorted by length of path, then by reverse alphabet',
  services: { regex: ['ok'], plain: ['ok'], exact: ['ok'], short: ['ok'], tie: ['ok'] },
  manifests: () => [
    ingress({
      name: 'with-regex',
      annotations: { 'use-regex': 'true' },
      rules: [
        {
          host: HOST,
          paths: [
            { path: '/items/[0-9]+', pathType: 'ImplementationSpecific', service: 'regex' },
            { path: '/a.b', pathType: 'ImplementationSpecific', service: 'tie' },
          ],
        },
      ],
    }),
    ingress({
      name: 'without',
      rules: [
        {
          host: HOST,
          paths: [
            { path: '/plain', pathType: 'Prefix', service: 'plain' },
            { path: '/exact', pathType: 'Exact', service: 'exact' },
            { path: '/it', pathType: 'Prefix', service: 'short' },
            { path: '/a.c', pathType: 'Prefix', service: 'short' },
          ],
        },
      ],
    }),
  ],
  // A Prefix without rewrite stands twice; as regular expressions, `^/plain/` and `^/plain`.
  nginx: (place) =>
    server(
      place,
      HOST,
      regex('/items/[0-9]+', pass('regex')),
      regex('/plain/', pass('plain')),
      regex('/plain', pass('plain')),
      regex('/exact', pass('exact')),
      regex('/a.c/', pass('short')),
      regex('/it/', pass('short')),
      regex('/a.c', pass('short')),
      regex('/a.b', pass('tie')),
      regex('/it', pass('short')),
      regex('/', pass('nowhere')),
    ),
  checks: [
    get(HOST, '/items/42', '200 regex /items/42'),
    get(HOST, '/items/42/parts?x=1', '200 regex /items/42/parts?x=1'),
    get(HOST, '/ITEMS/42', '200 regex /ITEMS/42'),
    get(HOST, '/items/none', '200 short /items/none'),
    get(HOST, '/plain', '200 plain /plain'),
    get(HOST, '/plainly', '200 plain /plainly'),
    get(HOST, '/PLAIN/x', '200 plain /PLAIN/x'),
    get(HOST, '/exact', '200 exact /exact'),
    get(HOST, '/exact/more', '200 exact /exact/more'),
    get(HOST, '/exactly', '200 exact /exactly'),
    get(HOST, '/a.b', '200 tie /a.b'),
    get(HOST, '/aXb', '200 tie /aXb'),
    get(HOST, '/aXc', '200 short /aXc'),
    get(HOST, '/x/items/42', '404'),
    get(HOST, '/', '404'),
  ],
}

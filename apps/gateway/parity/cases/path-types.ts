import { ingress } from '@postern/testing'
import type { ParityCase } from '../case.ts'
import { exact, NOWHERE, pass, prefix, server } from '../nginx-parts.ts'
import { get } from '../observe.ts'

const HOST = 'paths.example'

export const pathTypes: ParityCase = {
  name: 'path types and their order',
  source:
    'internal/ingress/controller/controller.go updateServerLocations; internal/k8s/main.go SetDefaultNGINXPathType',
  services: { exact: ['ok'], prefix: ['ok'], longer: ['ok'], specific: ['ok'], slash: ['ok'], both: ['ok'] },
  manifests: () => [
    ingress({
      name: 'paths',
      rules: [
        {
          host: HOST,
          paths: [
            { path: '/exact', pathType: 'Exact', service: 'exact' },
            { path: '/folder/', pathType: 'Exact', service: 'exact' },
            { path: '/shop', pathType: 'Prefix', service: 'prefix' },
            { path: '/shop/cart', pathType: 'Prefix', service: 'longer' },
            { path: '/slash/', pathType: 'Prefix', service: 'slash' },
            { path: '/both', pathType: 'Prefix', service: 'prefix' },
            { path: '/both', pathType: 'Exact', service: 'both' },
            { path: '/impl', pathType: 'ImplementationSpecific', service: 'specific' },
          ],
        },
      ],
    }),
  ],
  nginx: (place) =>
    server(
      place,
      HOST,
      exact('/exact', pass('exact')),
      exact('/folder/', pass('exact')),
      prefix('/shop', pass('prefix')),
      prefix('/shop/cart', pass('longer')),
      prefix('/slash/', pass('slash')),
      // An Exact of the same path takes the place of the second location.
      `location /both/ { ${pass('prefix')} }`,
      exact('/both', pass('both')),
      prefix('/impl', pass('specific')),
      NOWHERE,
    ),
  checks: [
    get(HOST, '/exact', '200 exact /exact'),
    get(HOST, '/exact/', '404'),
    get(HOST, '/exact/more', '404'),
    get(HOST, '/EXACT', '404'),
    get(HOST, '/shop', '200 prefix /shop'),
    get(HOST, '/shop/', '200 prefix /shop/'),
    get(HOST, '/shop/a/b', '200 prefix /shop/a/b'),
    get(HOST, '/shopping', '404'),
    get(HOST, '/Shop', '404'),
    get(HOST, '/shop/cart', '200 longer /shop/cart'),
    get(HOST, '/shop/cart/1', '200 longer /shop/cart/1'),
    get(HOST, '/shop/cartoon', '200 prefix /shop/cartoon'),
    // nginx's own redirect, for a location that ends in a slash and proxies.
    get(HOST, '/slash', '301 http://paths.example/slash/'),
    get(HOST, '/slash?a=1', '301 http://paths.example/slash/?a=1'),
    get(HOST, '/slash/', '200 slash /slash/'),
    get(HOST, '/slash/x', '200 slash /slash/x'),
    // An exact location that ends in a slash draws the path without it too: conformance would want 404.
    get(HOST, '/folder', '301 http://paths.example/folder/'),
    get(HOST, '/folder/', '200 exact /folder/'),
    get(HOST, '/folder/x', '404'),
    get(HOST, '/both', '200 both /both'),
    get(HOST, '/both/', '200 prefix /both/'),
    get(HOST, '/both/x', '200 prefix /both/x'),
    get(HOST, '/impl', '200 specific /impl'),
    get(HOST, '/impl/x', '200 specific /impl/x'),
    get(HOST, '/implement', '404'),
    get(HOST, '/', '404'),
    get(`${HOST}:8080`, '/slash', '301 http://paths.example/slash/', {
      lines: ['- 301 http://paths.example/slash/', '+ 301 http://paths.example:8080/slash/'],
      because:
        'nginx leaves the port out (port_in_redirect off), which leads nowhere unless the port is 80; Postern keeps the one that the client used',
    }),
  ],
}

import { describe, expect, test } from '@jest/globals'
import { DEFAULT_COMPILE_SETTINGS, parseYaml } from '@postern/control-plane'
import { ingress, serviceAt, toYaml } from '@postern/testing'
import { against } from './against.ts'
import type { Answer } from './answer.ts'
import { formatAgainst } from './format-against.ts'

const STOCK: Answer = {
  status: 404,
  contentType: 'text/html',
  body: '<html><center><h1>404 Not Found</h1></center><hr><center>nginx</center></html>',
}
const OK: Answer = { status: 200, contentType: 'text/plain', body: 'ok' }

const SET = parseYaml(
  toYaml(
    ingress({
      name: 'shop',
      rules: [
        { host: 'shop.example', paths: [{ path: '/cart', service: 'cart' }] },
        { host: 'blog.example', paths: [{ path: '/posts', service: 'blog' }] },
      ],
    }),
    ...serviceAt('cart', [{ address: '127.0.0.1', port: 8080 }]),
    ...serviceAt('blog', [{ address: '127.0.0.1', port: 8081 }]),
  ),
  'shop.yaml',
).value

/** A gateway that is an nginx without pages of its own, and what stands behind its two paths. */
function playAt(cart: (target: string) => Answer, blog: (target: string) => Answer) {
  return against(
    { manifests: SET, diagnostics: [] },
    {
      settings: DEFAULT_COMPILE_SETTINGS,
      scheme: 'http',
      ask: ({ authority, target }) => {
        const isUnder = (host: string, path: string) =>
          authority === host && (target.startsWith(`${path}/`) || target.startsWith(`${path}?`))
        if (isUnder('shop.example', '/cart')) return Promise.resolve(cart(target))
        return Promise.resolve(isUnder('blog.example', '/posts') ? blog(target) : STOCK)
      },
    },
  )
}

describe('nginx’s built-in page as 404 of the gateway', () => {
  test('is its own where every upstream has answered, and none with that page', async () => {
    const found = await playAt(
      () => OK,
      () => ({ ...OK, status: 404, body: 'no such post' }),
    )
    expect(found).toMatchObject({ differences: [], undecided: [] })
    expect(found.inferred).toBe(found.asked - found.forwarded)
    expect(formatAgainst(found)).toContain(
      `${String(found.inferred)} 404s are nginx’s built-in page, taken for the gateway’s own: every upstream answered, and none with it.\n`,
    )
  })

  test('is anybody’s where an upstream shows it too', async () => {
    const found = await playAt(
      () => OK,
      (target) => (target.startsWith('/posts/probe') ? STOCK : OK),
    )
    expect([found.differences, found.inferred]).toEqual([[], 0])
    expect(found.undecided.length).toBeGreaterThan(found.asked - found.forwarded)
  })

  test('is not that of an nginx of another version behind it', async () => {
    const other = { ...STOCK, body: STOCK.body?.replace('>nginx<', '>nginx/1.27.3<') ?? '' }
    const found = await playAt(
      () => OK,
      () => other,
    )
    expect(found).toMatchObject({ differences: [], undecided: [] })
  })
})

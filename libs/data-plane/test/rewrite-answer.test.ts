import { expect, test } from '@jest/globals'
import type { AnswerRewrites } from '@postern/routing-table'
import { backendAt, hostWith, routeTo, tableOf } from '@postern/testing/table-builder'
import { Plane, text } from './ask.ts'

type Lines = readonly (readonly [string, string])[]

async function answered(answer: AnswerRewrites, headers: Lines): Promise<Lines> {
  const plane = new Plane(
    tableOf({
      hosts: [hostWith('shop.example', [routeTo('test/shop/80', { policy: { answer } })])],
      backends: [backendAt('test/shop/80', [{ address: '192.0.2.1', port: 80 }])],
    }),
  )
  plane.engine.respond = () => ({ status: 302, headers, body: '' })
  const { headers: lines } = await plane.ask({ host: 'shop.example' })
  return lines.filter(([name]) => /^(location|refresh|set-cookie)$/i.test(name))
}

const location = { kind: 'prefix', from: text('http://inner/'), to: text('/app/') } as const
const cookiePath = { kind: 'prefix', from: text('/app/'), to: text('/; SameSite=Lax') } as const
const cookieDomain = {
  kind: 'regex',
  from: '^(\\w+)\\.inner$',
  ignoreCase: true,
  to: [...text('$1'), ...text('.outer')],
} as const

test.each<[AnswerRewrites, Lines, Lines]>([
  [{ location }, [['Location', 'http://inner/a']], [['Location', 'http://shop.example/app/a']]],
  [{ location, relative: true }, [['Location', 'http://inner/a']], [['Location', '/app/a']]],
  [{ location }, [['Location', 'http://other/a']], [['Location', 'http://other/a']]],
  [{ location }, [['Refresh', '1; url=http://inner/a']], [['Refresh', '1; url=/app/a']]],
  [
    { cookiePath, cookieDomain },
    [
      ['Set-Cookie', 'a=1; path=/app/; Domain=.X.inner'],
      ['Set-Cookie', 'path=/app/; Path=/other'],
    ],
    [
      ['Set-Cookie', 'a=1; path=/; SameSite=Lax; Domain=.X.outer'],
      ['Set-Cookie', 'path=/app/; Path=/other'],
    ],
  ],
])('%j', async (answer, from, to) => {
  expect(await answered(answer, from)).toEqual(to)
})

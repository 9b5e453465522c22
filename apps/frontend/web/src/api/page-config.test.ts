import { describe, expect, test } from '@jest/globals'
import { loadPageConfig, parsePageConfig } from './page-config.ts'

const standalone = { apiBase: '/api', usersApiBase: '/api' }

describe("the page's configuration", () => {
  test.each([
    [{}, standalone],
    [null, standalone],
    ['text', standalone],
    [{ apiBase: 7, usersApiBase: '', demoToken: '' }, standalone],
    [{ apiBase: '/api/' }, standalone],
    [{ apiBase: 'http://a:1' }, { apiBase: 'http://a:1', usersApiBase: 'http://a:1' }],
    [
      { apiBase: 'http://a:1', usersApiBase: 'http://b:2/', demoToken: 'abc' },
      { apiBase: 'http://a:1', usersApiBase: 'http://b:2', demoToken: 'abc' },
    ],
  ])('%j', (body, expected) => {
    expect(parsePageConfig(body)).toEqual(expected)
  })

  test.each<[string, () => Promise<Response>]>([
    ['no file', async () => new Response('', { status: 404 })],
    ['the page in its place', async () => new Response('<!doctype html>')],
    ['no network', () => Promise.reject(new TypeError('fetch failed'))],
  ])('takes the defaults when there is %s', async (_what, send) => {
    expect(await loadPageConfig(send)).toEqual(standalone)
  })
})

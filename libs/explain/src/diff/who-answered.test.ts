import { expect, test } from '@jest/globals'
import { whoAnswered } from './who-answered.ts'

const page = (words: string, type = 'text/html') => ({
  status: 404,
  contentType: type,
  body: `<html lang="en"><h1>${words}</h1></html>`,
})
const STOCK = {
  status: 404,
  contentType: 'text/html',
  body: '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
}
const DEFAULT_BACKEND = { status: 404, contentType: 'text/plain', body: 'default backend - 404' }

test.each([
  ['the same page', page('404 a1'), page('404 b2'), 'gateway'],
  ['the same page for another status', { ...page('503'), status: 503 }, page('404'), 'gateway'],
  ['another page', { ...page('no'), body: '<p>no such thing' }, page('404'), 'upstream'],
  [
    'another page for another status',
    { ...page('no'), status: 500, body: 'boom' },
    page('404'),
    'nobody knows',
  ],
  ['text of the default backend', DEFAULT_BACKEND, DEFAULT_BACKEND, 'gateway'],
  [
    'text with another id',
    { status: 404, body: 'id 0123456789abcdef0' },
    { status: 404, body: 'id fedcba9876543210f' },
    'gateway',
  ],
  ['JSON of an upstream', { status: 404, body: '{"error":"gone"}' }, DEFAULT_BACKEND, 'upstream'],
  ['a page that every nginx has', STOCK, STOCK, 'nobody knows'],
  ['that page, before a default backend', STOCK, DEFAULT_BACKEND, 'nobody knows'],
  ['anything, when the gateway says nothing', page('404'), { status: 404 }, 'nobody knows'],
  ['anything, when nothing is known', page('404'), undefined, 'nobody knows'],
])('%s', (_what, answer, own, expected) => {
  expect(whoAnswered(answer, own === undefined ? {} : { own })).toBe(expected)
})

const OTHER_VERSION = { ...STOCK, body: STOCK.body.replace('<center>nginx<', '<center>nginx/1.27.3<') }
const OTHER_STATUS = { ...STOCK, status: 503 }

test.each([
  ['the page of another version', OTHER_VERSION, STOCK, false, 'upstream'],
  ['the page of another version, whatever upstreams showed', OTHER_VERSION, STOCK, true, 'upstream'],
  ['the page, where no upstream shows it', STOCK, STOCK, true, 'gateway'],
  ['the page for another status', OTHER_STATUS, STOCK, true, 'nobody knows'],
  ['the page before a default backend', STOCK, DEFAULT_BACKEND, true, 'nobody knows'],
])('nginx’s own: %s', (_what, answer, own, stockPageIsOwn, expected) => {
  expect(whoAnswered(answer, { own, stockPageIsOwn })).toBe(expected)
})

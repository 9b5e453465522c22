import { describe, expect, test } from '@jest/globals'
import { parseExplainRequest } from './request.ts'

describe('parseExplainRequest', () => {
  test.each([
    ['shop.example', 'http', 'shop.example', 80, '/'],
    ['shop.example:8443/cart', 'http', 'shop.example:8443', 8443, '/cart'],
    ['HTTPS://Shop.example?q=1', 'https', 'Shop.example', 443, '/?q=1'],
    ['http://[::1]:8080/x#top', 'http', '[::1]:8080', 8080, '/x'],
    ['http://shop.example/a/../b%20c', 'http', 'shop.example', 80, '/a/../b%20c'],
    ['http://bücher.example:81/ä?ö', 'http', 'xn--bcher-kva.example:81', 81, '/%C3%A4?%C3%B6'],
  ])('%s', (url, scheme, authority, port, target) => {
    expect(parseExplainRequest({ url })).toMatchObject({ scheme, authority, port, target })
  })

  test.each([
    [{ url: '' }, 'expected a URL as https://shop.example/path; got ""'],
    [{ url: 'http:///x' }, 'got "http:///x"'],
    [{ url: 'ftp://shop.example/' }, 'got "ftp://shop.example/"'],
    [{ url: '/cart' }, 'got "/cart"'],
    [{ url: 'http://shop.example/a b' }, 'write a space as %20'],
    [{ url: 'http://me:secret@shop.example/' }, "add -H 'Authorization: Basic …'"],
    [{ url: 'http://ä ö/' }, 'write a space as %20'],
    [{ url: 'http://a.example/', method: 'GE T' }, '-X: expected a method such as POST; got "GE T"'],
    [{ url: 'http://a.example/', headers: ['Broken'] }, '-H: expected \'Name: value\'; got "Broken"'],
    [{ url: 'http://a.example/', from: 'me' }, '--from: expected an IP address; got "me"'],
  ])('refuses %j', (words, message) => {
    expect(() => parseExplainRequest(words)).toThrow(message)
  })
})

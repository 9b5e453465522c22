// Where traces may be sent to, inside the room: says what arrives.
// usage: node otlp-sink.ts PORT     prints `ready`, then a line per request, such as `POST /v1/traces`
import { createServer } from 'node:http'

const [port = ''] = process.argv.slice(2)
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    console.log(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'application/json').end('{}')
  })
})
server.listen(Number(port), '0.0.0.0', () => console.log('ready'))

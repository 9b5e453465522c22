// An upstream that answers all requests of one read in one write, as servers do that gather their answers; nginx writes each by
// itself. It knows nothing but bodyless requests with small heads.
import { createServer } from 'node:net'
import { ANSWER } from '../lib/nginx.ts'

const HEAD_END = '\r\n\r\n'
const answer = `HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Fri, 20 Nov 2026 12:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: ${String(ANSWER.length)}\r\n\r\n${ANSWER}`

createServer({ noDelay: true }, (socket) => {
  let rest = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    const text = rest + bytes.toString('latin1')
    let count = 0
    let from = 0
    for (let end = text.indexOf(HEAD_END); end >= 0; end = text.indexOf(HEAD_END, from)) {
      from = end + HEAD_END.length
      count += 1
    }
    rest = text.slice(from)
    if (count > 0) socket.write(answer.repeat(count), 'latin1')
  })
}).listen({ port: Number(process.env['PORT']), host: '127.0.0.1', backlog: 4096 })

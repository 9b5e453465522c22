// Asks one server the whole table, inside a room or outside.
// usage: node ask.ts HTTP_ADDRESS HTTPS_ADDRESS     prints the decisions as JSON, in the order of the table
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { REQUESTS, type Decision, type RequestRow } from '../requests.ts'

const [http = '', https = ''] = process.argv.slice(2)
const decisions: unknown[] = []
for (const row of REQUESTS) decisions.push(await ask(row))
console.log(JSON.stringify(decisions))

async function ask({
  scheme,
  host,
  path,
}: RequestRow): Promise<Decision | { readonly status: number; readonly body: string }> {
  const [address = '', port = ''] = (scheme === 'http' ? http : https).split(':')
  const where = { host: address, port: Number(port), path, headers: { host }, agent: false }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    // What is checked here is the decision; which certificate is shown has tests of its own.
    const sent =
      scheme === 'http'
        ? httpRequest(where)
        : httpsRequest({ ...where, servername: host, rejectUnauthorized: false })
    sent.once('response', resolve).once('error', reject).end()
  })
  const body = await text(response)
  const { statusCode: status = 0, headers } = response
  // ingress-nginx leaves out the slash of an empty path, and so does Postern: the same address by RFC 3986 §6.2.3.
  if (status >= 300 && status < 400)
    return { redirect: status, location: new URL(headers.location ?? '').href }
  if (status !== 200) return { status, body }
  const seen = JSON.parse(body) as { service: string; path: string }
  return { to: seen.service, as: seen.path }
}

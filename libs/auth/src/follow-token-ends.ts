import type { FastifyInstance } from 'fastify'
import { createTokenEnds, type TokenEndList, type TokenEnds } from './token-ends.ts'

/** How long an ended account or session may go on at a service that verifies by itself; one short question to the issuer in that time. */
const EVERY_MS = 2_000

/** Asks for the ended accounts and sessions while an app runs. It starts without an answer: the issuer may start later. */
export function followTokenEnds(app: FastifyInstance, load: () => Promise<TokenEndList>): TokenEnds {
  const onChange = (error: unknown): void => {
    if (error === undefined) app.log.info('the list of ended accounts and sessions is up to date again')
    else
      app.log.warn(
        { err: error },
        'the list of ended accounts and sessions cannot be had: their tokens are taken until they expire',
      )
  }
  const ends = createTokenEnds({ load, onChange })
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const next = async (): Promise<void> => {
    await ends.refresh()
    if (!closed) timer = setTimeout(() => void next(), EVERY_MS).unref()
  }
  app.addHook('onReady', async () => void next())
  app.addHook('preClose', async () => {
    closed = true
    clearTimeout(timer)
  })
  return ends
}

import type { FastifyInstance } from 'fastify'
import { createAccountEnds, type AccountEnd, type AccountEnds } from './account-ends.ts'

/** How long an ended account may go on at a service that verifies by itself; one short question to the issuer in that time. */
const EVERY_MS = 2_000

/** Asks for the ended accounts while an app runs. It starts without an answer: the issuer may start later. */
export function followAccountEnds(
  app: FastifyInstance,
  load: () => Promise<readonly AccountEnd[]>,
): AccountEnds {
  const onChange = (error: unknown): void => {
    if (error === undefined) app.log.info('the list of ended accounts is up to date again')
    else
      app.log.warn(
        { err: error },
        'the list of ended accounts cannot be had: their tokens are taken until they expire',
      )
  }
  const ends = createAccountEnds({ load, onChange })
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

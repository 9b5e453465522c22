import { createControlPlane, fileSource, type Diagnostic } from '@postern/control-plane'
import { ExplainPage } from '../explain-page.ts'
import type { ControlProcessData, FromControl, ToControl } from './messages.ts'
import { packMemory, unpackMemory } from './packed-memory.ts'
import { ToldTable } from './told-table.ts'

/**
 * The control plane behind a channel: it tells what changed, not whole tables, and what it found only when that is something
 * else. Gives what is to be called with each message from the other end. Runs until the process is ended from outside.
 */
export function runControlPlane(
  tell: (message: FromControl) => void,
  data: ControlProcessData,
): (message: ToControl) => void {
  const { manifests, settings, stdin } = data
  const told = ToldTable.from(data.told)
  const source = fileSource(manifests, {
    ...(stdin !== undefined && { stdin: once(stdin) }),
    ...(data.remembered && { remembered: unpackMemory(data.remembered) }),
  })
  const explained = new ExplainPage(settings)
  const controlPlane = createControlPlane({
    source: explained.remember(source),
    settings,
    publish: (table) => {
      const message = told.tell(table)
      if (message !== undefined) tell({ kind: 'table', message })
    },
    report: (diagnostics) => told.tellOnce(diagnostics, () => tell({ kind: 'findings', diagnostics })),
  })
  const sleep = (): FromControl => {
    const resting = source.resting()
    if (
      resting?.set !== controlPlane.compiled() ||
      resting === undefined ||
      keepsLastGood(controlPlane.diagnostics())
    )
      return { kind: 'awake' }
    const { fingerprint, folders, remembered } = resting
    return {
      kind: 'asleep',
      told: told.keep(),
      remembered: packMemory(remembered),
      resting: { fingerprint, folders },
    }
  }
  const started = controlPlane.start()
  started.then(
    () => tell({ kind: 'read' }),
    (error: unknown) => tell({ kind: 'failed', message: messageOf(error) }),
  )
  return (message) => {
    if (message.kind === 'refresh') controlPlane.refresh()
    else if (message.kind === 'sleep') tell(sleep())
    else if (message.kind === 'explain')
      void started.then(() => answer(explained, message)).then(tell, () => undefined)
  }
}

// An object that went bad keeps the form it had. Another process would not know that form.
function keepsLastGood(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === 'last-good-kept')
}

async function answer(
  explained: ExplainPage,
  { id, query, httpsRedirectPort }: Extract<ToControl, { kind: 'explain' }>,
): Promise<FromControl> {
  try {
    const explanation = await explained.answer(new URLSearchParams(query), httpsRedirectPort)
    return { kind: 'explained', id, explanation }
  } catch (error) {
    return { kind: 'not-explained', id, message: messageOf(error), isQuestion: error instanceof RangeError }
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

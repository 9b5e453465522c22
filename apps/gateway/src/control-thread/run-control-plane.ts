import type { MessagePort } from 'node:worker_threads'
import { createControlPlane, fileSource, type Diagnostic } from '@postern/control-plane'
import { ExplainPage } from '../explain-page.ts'
import type { ControlThreadData, FromControl, ToControl } from './messages.ts'
import { movedParts } from './table-message.ts'
import { ToldTable } from './told-table.ts'

/**
 * The control plane at the other end of `port`: it tells what changed, not whole tables, and what it found only when that is
 * something else. Runs until the thread is ended from outside.
 */
export function runControlPlane(port: MessagePort, { manifests, settings, stdin }: ControlThreadData): void {
  const tell = (message: FromControl): void => port.postMessage(message)
  const explained = new ExplainPage(settings)
  const told = new ToldTable()
  const controlPlane = createControlPlane({
    source: explained.remember(fileSource(manifests, stdin === undefined ? {} : { stdin: once(stdin) })),
    settings,
    publish: (table) => {
      const message = told.tell(table)
      if (message !== undefined)
        port.postMessage({ kind: 'table', message } satisfies FromControl, movedParts(message))
    },
    report: whenDifferent((diagnostics) => tell({ kind: 'findings', diagnostics })),
  })
  port.on('message', (message: ToControl) => {
    if (message.kind === 'refresh') controlPlane.refresh()
    else void answer(explained, message).then(tell)
  })
  controlPlane.start().catch((error: unknown) => tell({ kind: 'failed', message: messageOf(error) }))
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

// Ten thousand findings that everybody knows are not worth a clone on the serving thread.
function whenDifferent(report: (diagnostics: readonly Diagnostic[]) => void): typeof report {
  let last: string | undefined
  return (diagnostics) => {
    const text = JSON.stringify(diagnostics)
    if (text !== last) report(diagnostics)
    last = text
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

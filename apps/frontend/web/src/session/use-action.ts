import { useState } from 'react'
import { describeError } from '../look/describe-error.ts'
import { isRefusal } from './is-refusal.ts'

/** What a form or a button does at a service: one at a time, and what went wrong is kept to be shown. */
export interface Action {
  readonly busy: boolean
  /** Why the last try failed, in words for a person. */
  readonly problem: string | undefined
  run(action: () => Promise<void>): void
}

/** Runs the actions of one form. A refused token ends the session instead of being shown there. */
export function useAction(onRefusal: () => void): Action {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  async function attempt(action: () => Promise<void>) {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await action()
    } catch (error) {
      if (isRefusal(error)) onRefusal()
      else setProblem(describeError(error))
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, run: (action) => void attempt(action) }
}

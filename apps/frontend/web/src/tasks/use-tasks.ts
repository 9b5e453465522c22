import { useCallback, useEffect, useState } from 'react'
import type { Services } from '../api/services.ts'
import type { Task } from '../api/task.ts'
import { describeError } from '../look/describe-error.ts'
import { isRefusal } from '../session/is-refusal.ts'

/** What is known of the list. */
export type TaskListState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly tasks: readonly Task[] }
  | { readonly kind: 'failed'; readonly problem: string }

interface UseTasksOptions {
  readonly services: Services
  readonly token: string
  /** Called when the service no longer takes the token. */
  onRefusal(): void
}

/** Loads the tasks and loads them again on `reload`; a list that is shown stays until the next one is there. */
export function useTasks({ services, token, onRefusal }: UseTasksOptions) {
  const [state, setState] = useState<TaskListState>({ kind: 'loading' })
  const [round, setRound] = useState(0)

  useEffect(() => {
    const left = new AbortController()
    services.listTasks(token, left.signal).then(
      (tasks) => {
        if (!left.signal.aborted) setState({ kind: 'loaded', tasks })
      },
      (error: unknown) => {
        if (left.signal.aborted) return
        if (isRefusal(error)) onRefusal()
        else setState({ kind: 'failed', problem: describeError(error) })
      },
    )
    return () => left.abort()
  }, [services, token, round, onRefusal])

  const reload = useCallback(() => {
    setState((now) => (now.kind === 'failed' ? { kind: 'loading' } : now))
    setRound((count) => count + 1)
  }, [])
  return { state, reload }
}

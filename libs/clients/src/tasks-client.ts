import { CallError } from './call-error.ts'
import { createJsonCaller, type CallContext, type CallerOptions } from './json-caller.ts'

/** What users asks of tasks. */
export interface TasksClient {
  /** Removes all tasks of the account that the token speaks for. */
  removeAll(token: string, context?: CallContext): Promise<void>
  close(): Promise<void>
}

/** Makes a client of tasks; every call throws {@link CallError} when tasks gives no usable answer. */
export function createTasksClient(options: Omit<CallerOptions, 'service'>): TasksClient {
  const caller = createJsonCaller({ ...options, service: 'tasks' })
  return {
    removeAll: async (token, context = {}) => {
      const { status } = await caller.send({ method: 'DELETE', path: '/tasks', token }, context, 'repeatable')
      if (status !== 200) throw new CallError('tasks', status === 503 ? 'unreachable' : 'bad-answer')
    },
    close: () => caller.close(),
  }
}

import { useCallback, useState } from 'react'
import type { Services } from '../api/services.ts'
import type { TaskChange, TaskDraft, TaskVersion } from '../api/task.ts'
import { Notice } from '../look/notice.tsx'
import type { Session } from '../session/session.ts'
import { TaskForm } from './task-form.tsx'
import { TaskList } from './task-list.tsx'
import { useTasks } from './use-tasks.ts'

interface TasksPageProps {
  readonly services: Services
  readonly session: Session
  onSessionEnd(reason: string): void
}

/** What somebody who is logged in sees: a form for a new task and the tasks. */
export function TasksPage({ services, session, onSessionEnd }: TasksPageProps) {
  const [message, setMessage] = useState(session.greeting)
  const onRefusal = useCallback(
    () => onSessionEnd('Your session has ended. Please log in again.'),
    [onSessionEnd],
  )
  const { state, reload } = useTasks({ services, token: session.token, onRefusal })

  function add(draft: TaskDraft): Promise<string> {
    setMessage(undefined)
    return services.addTask(session.token, draft)
  }

  function stored(said: string) {
    setMessage(said)
    reload()
  }

  /** What the page says after a change; a failed one may have met a newer version, so the list is read again too. */
  async function changed(call: Promise<string>) {
    setMessage(undefined)
    try {
      stored(await call)
    } catch (error) {
      reload()
      throw error
    }
  }
  const actions = {
    change: (task: TaskVersion, change: TaskChange) =>
      changed(services.changeTask(session.token, task, change)),
    remove: (task: TaskVersion) => changed(services.deleteTask(session.token, task)),
    onRefusal,
  }

  return (
    <>
      <h1 className="visually-hidden">Tasks</h1>
      <TaskForm onAdd={add} onAdded={stored} onRefusal={onRefusal} />
      {/* Always there, because screen readers read what comes into a region that they know. */}
      <div className="said" role="status">
        {message !== undefined && message !== '' && <Notice>{message}</Notice>}
      </div>
      <TaskList state={state} actions={actions} onRetry={reload} />
    </>
  )
}

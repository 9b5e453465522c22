import { useState } from 'react'
import type { Task, TaskChange, TaskVersion } from '../api/task.ts'
import { Notice } from '../look/notice.tsx'
import { TaskButtons } from './task-buttons.tsx'
import { TaskEditor } from './task-editor.tsx'
import { useAction } from '../session/use-action.ts'

/** What can be done with a task of the list. A call fails with the service's words; the list is read again either way. */
export interface TaskActions {
  change(task: TaskVersion, change: TaskChange): Promise<void>
  remove(task: TaskVersion): Promise<void>
  onRefusal(): void
}

interface TaskItemProps {
  readonly task: Task
  readonly actions: TaskActions
}

/** One task: its words, and what to do with them when the service names it. */
export function TaskItem({ task, actions }: TaskItemProps) {
  const [editing, setEditing] = useState(false)
  const [edited, setEdited] = useState(false)
  const { busy, problem, run } = useAction(actions.onRefusal)
  const { stored } = task

  function closeEditor() {
    setEditing(false)
    setEdited(true)
  }

  return (
    <li className={task.done ? 'task done' : 'task'} aria-busy={busy}>
      {editing && stored ? (
        <TaskEditor
          task={task}
          busy={busy}
          onSave={(draft) => run(() => actions.change(stored, draft).then(closeEditor))}
          onCancel={closeEditor}
        />
      ) : (
        <div className="task-words">
          <h3>{task.title}</h3>
          <p>{task.text}</p>
        </div>
      )}
      {stored && !editing && (
        <TaskButtons
          task={task}
          busy={busy}
          focusEdit={edited}
          onEdit={() => setEditing(true)}
          onTick={() => run(() => actions.change(stored, { done: !task.done }))}
          onDelete={() => run(() => actions.remove(stored))}
        />
      )}
      {problem !== undefined && <Notice role="alert">{problem}</Notice>}
    </li>
  )
}

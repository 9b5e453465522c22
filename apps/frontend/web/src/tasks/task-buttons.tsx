import { useState } from 'react'
import type { Task } from '../api/task.ts'

interface TaskButtonsProps {
  readonly task: Task
  readonly busy: boolean
  /** Whether the editor was just left: the keyboard goes on where it was. */
  readonly focusEdit: boolean
  onEdit(): void
  onTick(): void
  onDelete(): void
}

/** Tick, edit, delete; deleting asks once more, since nothing brings a task back. */
export function TaskButtons({ task, busy, focusEdit, onEdit, onTick, onDelete }: TaskButtonsProps) {
  const [asked, setAsked] = useState<boolean>()
  // Screen readers get the title too: a page of equal buttons tells them nothing.
  const label = (what: string) => `${what}: ${task.title}`
  return (
    <div className="task-buttons">
      <label className="tick">
        <input
          type="checkbox"
          aria-label={label('Done')}
          checked={task.done}
          aria-disabled={busy}
          onChange={onTick}
        />
        Done
      </label>
      {asked ? (
        <>
          <button key="keep" type="button" className="button quiet" autoFocus onClick={() => setAsked(false)}>
            Keep it
          </button>
          <button
            type="button"
            className="button quiet danger"
            aria-label={label('Delete for good')}
            aria-disabled={busy}
            onClick={onDelete}
          >
            Delete for good
          </button>
        </>
      ) : (
        <>
          <button
            key="edit"
            type="button"
            className="button quiet"
            aria-label={label('Edit')}
            autoFocus={focusEdit}
            onClick={onEdit}
          >
            Edit
          </button>
          <button
            key="delete"
            type="button"
            className="button quiet"
            aria-label={label('Delete')}
            autoFocus={asked === false}
            onClick={() => setAsked(true)}
          >
            Delete
          </button>
        </>
      )}
    </div>
  )
}

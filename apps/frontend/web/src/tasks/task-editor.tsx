import { useState, type FormEvent } from 'react'
import type { Task, TaskDraft } from '../api/task.ts'
import { TaskFields } from './task-fields.tsx'

interface TaskEditorProps {
  readonly task: Task
  readonly busy: boolean
  onSave(draft: TaskDraft): void
  onCancel(): void
}

/** Changes the words of a task where it stands; what was typed stays when saving fails. */
export function TaskEditor({ task, busy, onSave, onCancel }: TaskEditorProps) {
  const [draft, setDraft] = useState<TaskDraft>({ title: task.title, text: task.text })

  function submit(event: FormEvent) {
    event.preventDefault()
    onSave(draft)
  }

  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label={`Edit: ${task.title}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel()
      }}
    >
      <TaskFields draft={draft} onChange={setDraft} />
      <div className="actions">
        <button type="button" className="button quiet" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button primary" aria-disabled={busy}>
          {busy ? 'Saving…' : 'Save'}
        </button>
      </div>
    </form>
  )
}

import { useRef } from 'react'
import type { Task, TaskVersion } from '../api/task.ts'
import { Notice } from '../look/notice.tsx'
import { TaskItem, type TaskActions } from './task-item.tsx'
import type { TaskListState } from './use-tasks.ts'

interface TaskListProps {
  readonly state: TaskListState
  readonly actions: TaskActions
  onRetry(): void
}

/** The tasks, the newest first, or why there are none to see. */
export function TaskList({ state, actions, onRetry }: TaskListProps) {
  const count = state.kind === 'loaded' ? state.tasks.length : 0
  const title = useRef<HTMLHeadingElement>(null)
  // The button that was pressed goes away; without a place of its own the keyboard would start at the top of the page again.
  const focusTitle = () => title.current?.focus()
  const remove = async (task: TaskVersion) => {
    await actions.remove(task)
    focusTitle()
  }
  const retry = () => {
    focusTitle()
    onRetry()
  }
  return (
    <section className="tasks" aria-labelledby="tasks-title" aria-busy={state.kind === 'loading'}>
      <h2 id="tasks-title" ref={title} tabIndex={-1}>
        Your tasks {count > 0 && <span className="count">{count}</span>}
      </h2>
      <Body state={state} actions={{ ...actions, remove }} onRetry={retry} />
    </section>
  )
}

function Body({ state, actions, onRetry }: TaskListProps) {
  switch (state.kind) {
    case 'loading':
      return <Placeholder />
    case 'failed':
      return (
        <Notice role="alert">
          <p>{state.problem}</p>
          <button type="button" className="button quiet" onClick={onRetry}>
            Try again
          </button>
        </Notice>
      )
    case 'loaded':
      return state.tasks.length === 0 ? <Nothing /> : <Items tasks={state.tasks} actions={actions} />
  }
}

interface ItemsProps {
  readonly tasks: readonly Task[]
  readonly actions: TaskActions
}

function Items({ tasks, actions }: ItemsProps) {
  // Where the service names no task, its place in the order of storing does.
  const items = tasks.map((task, index) => (
    <TaskItem key={task.stored?.id ?? index} task={task} actions={actions} />
  ))
  return <ul className="task-list">{items.toReversed()}</ul>
}

function Nothing() {
  return (
    <div className="nothing">
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <rect x="14" y="10" width="36" height="44" rx="6" />
        <path d="M24 24h16M24 33h16M24 42h9" />
      </svg>
      <p className="nothing-title">No tasks.</p>
      <p>Write down the first one above.</p>
    </div>
  )
}

function Placeholder() {
  return (
    <>
      <p className="visually-hidden" role="status">
        Loading your tasks…
      </p>
      <ul className="task-list" aria-hidden="true">
        <li className="task placeholder" />
        <li className="task placeholder" />
      </ul>
    </>
  )
}

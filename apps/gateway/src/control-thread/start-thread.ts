import { Worker } from 'node:worker_threads'
import type { ControlThreadData } from './messages.ts'

/** The bundle has the thread beside itself. From source, a thread has to be told where the sources of the workspace are. */
export function startThread(workerData: ControlThreadData): Worker {
  const isSource = import.meta.url.endsWith('.ts')
  if (!isSource) return new Worker(new URL('./control-thread.js', import.meta.url), { workerData })
  const execArgv = ['--conditions=@postern/source', '--no-warnings']
  return new Worker(new URL('../control-thread.ts', import.meta.url), { workerData, execArgv })
}

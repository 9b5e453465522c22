// The thread on which manifests are read, resolved and compiled, so that the serving loop does not feel it.
import { parentPort, workerData } from 'node:worker_threads'
import type { ControlThreadData } from './control-thread/messages.ts'
import { runControlPlane } from './control-thread/run-control-plane.ts'

if (parentPort === null)
  throw new Error('control-thread is started by `postern serve`, as a thread of its own')
runControlPlane(parentPort, workerData as ControlThreadData)

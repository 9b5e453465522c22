// The thread on which passwords are compared, so that whoever guesses holds nobody up. Started by the first password.
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { verifySlowHash } from '@postern/data-plane'
import type { Compare } from './passwords-elsewhere.ts'

const NICE = 10

// Requests come first. Only Linux knows priorities of threads; elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(NICE)

parentPort?.on('message', ({ password, hash }: Compare) => {
  void verifySlowHash(password, hash).then((fits) => parentPort?.postMessage(fits))
})

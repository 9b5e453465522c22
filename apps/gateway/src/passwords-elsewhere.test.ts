import { expect, test } from '@jest/globals'
import { Worker } from 'node:worker_threads'
import { passwordsElsewhere } from './passwords-elsewhere.ts'

// Of "secret"; a wrong guess takes as long.
const COST_4 = '$2b$04$KbkwGd9HEwAI.ngSWKoNq.ImVb3Nk3XP0Zr32BokXQqFFQiPJcajO'
const COST_13 = COST_4.replace('$04', '$13')

test('comparing takes the time of another thread', async () => {
  const passwords = passwordsElsewhere()
  expect(await passwords.verify('secret', COST_4)).toBe(true)
  const [here, all] = [process.threadCpuUsage(), process.cpuUsage()]
  expect(await passwords.verify('Secret', COST_13)).toBe(false)
  const [ofHere, ofAll] = [process.threadCpuUsage(here), process.cpuUsage(all)]
  // Of some 400 ms this thread has single ones.
  expect(ofHere.user + ofHere.system).toBeLessThan((ofAll.user + ofAll.system) / 2)
  await passwords.close()
})

test('a thread that ends is that guess’s failure, and the next starts another', async () => {
  const programs = [
    'process.exit()',
    `require('worker_threads').parentPort.on('message', () => { throw new Error('no room') })`,
  ]
  const answering = `require('worker_threads').parentPort.on('message', ({ password }) =>
    require('worker_threads').parentPort.postMessage(password === 'secret'))`
  let started = 0
  const passwords = passwordsElsewhere(() => new Worker(programs[started++] ?? answering, { eval: true }))
  await expect(passwords.verify('secret', COST_4)).rejects.toThrow('the thread that compares passwords ended')
  await expect(passwords.verify('secret', COST_4)).rejects.toThrow('no room')
  expect(await passwords.verify('secret', COST_4)).toBe(true)
  expect(await passwords.verify('Secret', COST_4)).toBe(false)
  expect(started).toBe(3)
  await passwords.close()
})

// Stands for `npm start`: starts one child, prints its lines and waits to be killed.
import { join } from 'node:path'
import { startChild } from '../child.ts'

startChild(
  {
    name: 'steady',
    folder: 'steady',
    stopStage: 0,
    address: { host: '127.0.0.1', port: 0 },
    readyUrl: '',
    services: [],
    env: {},
    args: [],
  },
  { root: join(import.meta.dirname), fromSource: true, onLine: (name, line) => console.log(`${name}: ${line}`) },
)

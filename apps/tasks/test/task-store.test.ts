import { describeTaskStore } from './describe-task-store.ts'

describeTaskStore('SQLite', () => ({ kind: 'sqlite', path: ':memory:' }))

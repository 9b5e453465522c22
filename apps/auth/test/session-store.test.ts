import { describeSessionStore } from './describe-session-store.ts'

describeSessionStore('SQLite', () => ({ kind: 'sqlite', path: ':memory:' }))

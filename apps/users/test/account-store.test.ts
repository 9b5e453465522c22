import { describeAccountStore } from './describe-account-store.ts'

describeAccountStore('SQLite', () => ({ kind: 'sqlite', path: ':memory:' }))

export { createAuthClient, type AuthClient } from './auth-client.ts'
export { CallError, type CallFailure } from './call-error.ts'
export type { CallContext } from './json-caller.ts'
export { createTasksClient, type TasksClient } from './tasks-client.ts'

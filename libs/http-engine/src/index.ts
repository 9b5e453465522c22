export { createHttpEngine } from './engine.ts'
export type { HttpEngineOptions } from './options.ts'

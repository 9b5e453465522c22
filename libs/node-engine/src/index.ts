export { createNodeEngine } from './node-engine.ts'

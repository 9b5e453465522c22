import { describeEngine } from '@postern/testing'
import { createNodeEngine } from './node-engine.ts'

describeEngine('node-engine', createNodeEngine)

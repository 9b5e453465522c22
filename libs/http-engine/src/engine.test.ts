import { describeEngine } from '@postern/testing'
import { createHttpEngine } from './index.ts'

describeEngine('http-engine', () => createHttpEngine())
describeEngine('http-engine, documented transport', () => createHttpEngine({ transport: 'documented' }))

import { afterEach, describe } from '@jest/globals'
import type { Engine } from '@postern/exchange'
import { EngineBench } from './engine/bench.ts'
import { bodySuite } from './engine/body-suite.ts'
import { copiedBodySuite } from './engine/copied-body-suite.ts'
import { failureSuite } from './engine/failure-suite.ts'
import { headSuite } from './engine/head-suite.ts'
import { listenerSuite } from './engine/listener-suite.ts'
import { rateSuite } from './engine/rate-suite.ts'
import { tlsSuite } from './engine/tls-suite.ts'
import { tunnelSuite } from './engine/tunnel-suite.ts'

/**
 * What every `Engine` must do, over real sockets on free ports. Both engines run it:
 * `describeEngine('node-engine', createNodeEngine)`.
 */
export function describeEngine(name: string, make: () => Engine): void {
  describe(`the engine ${name}`, () => {
    const bench = new EngineBench(make)
    afterEach(() => bench.cleanUp())
    headSuite(bench)
    bodySuite(bench)
    copiedBodySuite(bench)
    rateSuite(bench)
    failureSuite(bench)
    tunnelSuite(bench)
    listenerSuite(bench)
    tlsSuite(bench)
  })
}

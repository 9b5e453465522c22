// Closes a run with one plain line that scripts can read, whatever the colours above it say.
import { writeSync } from 'node:fs'

export default class ClosingLine {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests
    // A file that cannot even be loaded has no failed test, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const line = `\n${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`
    // Jest's own summary comes after all reporters; the last word is had at the exit.
    process.once('exit', () => writeSync(1, line))
  }
}

import { describe, expect, jest, test } from '@jest/globals'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../src/program.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PAGES = [...globSync('docs/concepts/*.md', { cwd: ROOT }).sort(), 'docs/migrate-from-ingress-nginx.md']
const BLOCK = /```console\n\$ postern (.+)\n([^]*?)```/g

/** Words of a command line; quotes hold words together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

async function outputOf(line: string): Promise<string> {
  let text = ''
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  const before = [process.cwd(), process.exitCode] as const
  try {
    process.chdir(ROOT)
    await runProgram(wordsOf(line), () => Promise.reject(new Error('pages do not serve')))
  } finally {
    write.mockRestore()
    process.chdir(before[0])
    process.exitCode = before[1]
  }
  return text
}

// The pages are as wide as a pipe is by itself.
delete process.env['COLUMNS']

// `UPDATE_GOLDEN=1 npm test -- docs.test` writes the outputs anew.
describe('commands in the pages print what the pages say', () => {
  test.each(PAGES)('%s', async (page) => {
    const file = join(ROOT, page)
    const text = readFileSync(file, 'utf8')
    let now = text
    for (const [block, line = ''] of text.matchAll(BLOCK)) {
      const output = await outputOf(line)
      now = now.replace(block, () => `\`\`\`console\n$ postern ${line}\n${output}\`\`\``)
    }
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, now)
    else expect(now).toBe(text)
  })
})

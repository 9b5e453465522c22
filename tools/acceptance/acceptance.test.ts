// The whole system, started once as `npm start` starts it, asked over real sockets. Cases are named by the V numbers
// of docs/contract.md.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { takenPorts } from '../dev/addresses.ts'
import { isAlive } from '../dev/is-alive.ts'
import { describeCourse } from './course.cases.ts'
import { describeFrontDoor } from './front-door.cases.ts'
import { describeLiveChange } from './live-change.cases.ts'
import { freeOffset, runDev, startSystemUnderTest, type SystemUnderTest } from './system-under-test.ts'

let started: SystemUnderTest | undefined
const system = (): SystemUnderTest => {
  if (started === undefined) throw new Error('the system did not start')
  return started
}

beforeAll(async () => {
  started = await startSystemUnderTest()
}, 120_000)
afterAll(() => started?.remove(), 30_000)

describeCourse(system)
describeFrontDoor(system)
describeLiveChange(system)

describe('npm start', () => {
  test('prints every address and a curl line to paste', () => {
    for (const text of ['https://demo.localhost:', 'https://lab.localhost:', 'curl --cacert '])
      expect(system().output()).toContain(text)
  })

  test('names the app in front of each of its lines', () => {
    for (const name of ['users', 'auth', 'tasks', 'gateway'])
      expect(system().output()).toMatch(new RegExp(`^${name} +│ `, 'm'))
  })

  test('V48 the log holds no password and no token', () => {
    // The apps' own lines; the curl line to paste names the demo password, as it should.
    const log = system()
      .output()
      .split('\n')
      .filter((line) => line.includes(' │ '))
    expect(log.filter((line) => /testers?\b|Bearer |eyJ[\w-]+\.eyJ/.test(line))).toEqual([])
  })

  test('a second start names the taken ports and starts nothing', async () => {
    const second = runDev(['--port-offset', String(system().offset)])
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain(`port ${system().ports.https} (https) is taken`)
    expect(second.output()).toContain('--port-offset')
    expect(second.output()).not.toContain('✓ processes')
  })

  test('a folder that is not there is named, without a stack', async () => {
    const other = runDev(['--port-offset', String(await freeOffset()), '--ingress', '/nonexistent/ingress'])
    expect(await other.exited).toBe(1)
    expect(other.output()).toContain('✗ certificates: /nonexistent/ingress: there is no such file or folder')
    expect(other.output()).not.toMatch(/^\s+at /m)
  })

  test('V12 Ctrl-C leaves no process and no port', async () => {
    expect(await system().interrupt()).toBe(0)
    const alive = system().running.apps.filter(({ pid }) => pid !== undefined && isAlive(pid))
    expect(alive).toEqual([])
    expect(await takenPorts(system().ports)).toEqual([])
  }, 60_000)
})

// Side by side: Debian's nginx with what ingress-nginx would generate, and `postern serve --compat ingress-nginx`.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findPartNamed } from '@postern/testing/parts'
import type { ParityCase } from './case.ts'
import { CASES } from './cases/index.ts'
import { AS_NGINX, difference } from './observe.ts'
import { openRoom, type Room } from './room/room.ts'
import { hasModule } from './room/nginx.ts'

const program = findPartNamed('nginx')
const PACKAGES = {
  lua: 'libnginx-mod-http-lua',
  'headers-more': 'libnginx-mod-http-headers-more-filter',
  stream: 'libnginx-mod-stream',
}

for (const group of CASES) {
  const missing = whatIsMissing(group)
  if (missing === undefined) describe(group.name, () => playOnBoth(group))
  else if (process.env['E2E_REQUIRE'] === 'all')
    test(group.name, () => {
      throw new Error(`${missing} is not installed, and E2E_REQUIRE=all asks for it`)
    })
  else {
    console.warn(`SKIPPED: parity of ${group.name}: ${missing} is not installed`)
    test.skip(group.name, () => undefined)
  }
}

function whatIsMissing({ modules = [] }: ParityCase): string | undefined {
  if (program === undefined) return 'nginx'
  const module = modules.find((name) => !hasModule(name))
  return module && PACKAGES[module]
}

function playOnBoth(group: ParityCase): void {
  let room: Room | undefined
  beforeAll(async () => {
    room = await openRoom(group, program ?? 'nginx')
  })
  afterAll(async () => {
    await room?.[Symbol.asyncDispose]()
  })

  test.each(group.checks.map((check) => [check.name, check] as const))('%s', async (_, check) => {
    const nginx = await check.play(room!.nginx)
    if (check.gives !== AS_NGINX) expect(`nginx: ${nginx.summary}`).toBe(`nginx: ${check.gives}`)
    const postern = await check.play(room!.postern)
    expect(difference(nginx, postern)).toEqual(check.differs)
  })
}

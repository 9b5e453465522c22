// Every topology as containers: images built from deploy/images, overlays played by podman (cluster/cluster.ts says what
// the test does in podman's place). Minutes, root, podman and debootstrap: skipped aloud where one is missing.
import { afterAll, beforeAll, describe, jest } from '@jest/globals'
import { openCluster } from './cluster/cluster.ts'
import { composeCases } from './cluster/compose.cases.ts'
import { courseCases } from './cluster/course.cases.ts'
import { discoveryCases } from './cluster/discovery.cases.ts'
import { gatewayCases } from './cluster/gateway.cases.ts'
import { httpsCases } from './cluster/https.cases.ts'
import { imageCases } from './cluster/images.cases.ts'
import { labCases } from './cluster/lab.cases.ts'
import { namespaceCases } from './cluster/namespaces.cases.ts'
import { noContainers, openPodman, type Podman } from './cluster/podman.ts'
import { productionCases } from './cluster/production.cases.ts'
import { servicesCases } from './cluster/services.cases.ts'
import { noStores } from './cluster/stores.ts'
import { buildImages } from './cluster/test-images.ts'
import type { World } from './cluster/world.ts'
import { readmeCases } from './printed/readmes.cases.ts'
import { cannotRender } from './render.ts'

if (noStores !== undefined) console.warn(`SKIPPED: the overlay production: ${noStores} is missing`)
const missing = noContainers ?? cannotRender
if (missing !== undefined) console.warn(`SKIPPED: deploy/test/containers.e2e.ts: ${missing}`)
const run = missing === undefined ? describe : describe.skip

// Fifteen Pods at 0.2 CPU each take their time on a loaded machine.
jest.setTimeout(300_000)

run('in containers', () => {
  let podman: Podman | undefined
  let world: World | undefined

  beforeAll(async () => {
    podman = await openPodman()
    await buildImages(podman)
    world = { podman, cluster: await openCluster(podman), asked: [] }
  }, 900_000)
  afterAll(async () => {
    await podman?.close()
  }, 120_000)

  const given = (): World => {
    if (world === undefined) throw new Error('the images were not built')
    return world
  }
  describe('images', () => imageCases(given))
  describe('the course', () => courseCases(given))
  describe('ways to find auth', () => discoveryCases(given))
  describe('compose', () => composeCases(given))
  describe('every kind of Service', () => servicesCases(given))
  describe('two namespaces', () => namespaceCases(given))
  describe('HTTPS', () => httpsCases(given))
  describe('the lab', () => labCases(given))
  describe('the READMEs', () => readmeCases(given))
  describe('behind Postern', () => gatewayCases(given))
  const withStores = noStores === undefined ? describe : describe.skip
  withStores('in production', () => productionCases(given))
})

// Rules for every Service at once: V51, D10, W17.
import { describe, expect, test } from '@jest/globals'
import { describeObject, selects, workloadsOf, type ServicePort } from './kube-object.ts'
import { cannotRender, OVERLAYS, renderOverlay } from './render.ts'
import { PART_OF, selectedBy, selectorOf, servicesOf } from './selection.ts'

const run = cannotRender === undefined ? describe : describe.skip
const skipped = cannotRender === undefined ? '' : ` (skipped: ${cannotRender})`

run(`every overlay${skipped}`, () => {
  describe.each(OVERLAYS)('%s', (overlay) => {
    const objects = cannotRender === undefined ? renderOverlay(overlay) : []
    const workloads = workloadsOf(objects)

    test('V51 S1.5 S3.13 a Service with several ports names each, and no two alike', () => {
      for (const service of servicesOf(objects)) {
        const ports = service.spec?.ports ?? []
        if (ports.length > 1)
          expect([describeObject(service), new Set(ports.map(({ name }) => name ?? '')).size]).toEqual([
            describeObject(service),
            ports.length,
          ])
        for (const { name } of ports) if (ports.length > 1) expect(name).toMatch(/^[a-z0-9-]+$/)
      }
    })

    test('V51 S1.4 every targetPort is a port of a Pod that the Service selects', () => {
      for (const service of servicesOf(objects)) {
        for (const port of service.spec?.ports ?? [])
          for (const workload of selectedBy(service, workloads)) {
            const offered = workload.containers.flatMap(({ ports = [] }) => ports)
            expect([describeObject(service), describeObject(workload.object), offered]).toEqual([
              describeObject(service),
              describeObject(workload.object),
              expect.arrayContaining([expect.objectContaining(target(port))]),
            ])
          }
      }
    })

    test('V51 S1.11 a nodePort lies between 30000 and 32767, and no two Services ask for the same', () => {
      const asked = servicesOf(objects).flatMap(({ spec }) =>
        (spec?.ports ?? []).flatMap(({ nodePort }) => nodePort ?? []),
      )
      for (const port of asked) {
        expect(port).toBeGreaterThanOrEqual(30000)
        expect(port).toBeLessThanOrEqual(32767)
      }
      expect(new Set(asked).size).toBe(asked.length)
    })

    test('every selector selects something, and a Deployment selects its own Pods', () => {
      // The Pod that the lab's Service wants is labelled by hand, later: that is the lesson (S4.28).
      const byHand = new Set(['Service default/monolith'])
      for (const service of servicesOf(objects))
        if (service.spec?.type !== 'ExternalName' && !byHand.has(describeObject(service)))
          expect([describeObject(service), selectedBy(service, workloads).length > 0]).toEqual([
            describeObject(service),
            true,
          ])
      for (const { object, labels } of workloads)
        if (object.kind === 'Deployment')
          expect([describeObject(object), selects(selectorOf(object), labels)]).toEqual([
            describeObject(object),
            true,
          ])
    })

    test('D10 every selector has a second label that belongs to us', () => {
      for (const object of objects.filter(
        ({ kind, spec }) => ['Service', 'Deployment'].includes(kind) && spec?.type !== 'ExternalName',
      ))
        expect([describeObject(object), Object.keys(selectorOf(object))]).toEqual([
          describeObject(object),
          expect.arrayContaining([PART_OF]),
        ])
    })

    test('W17 the health port stands behind no Service', () => {
      for (const service of servicesOf(objects))
        for (const { port, targetPort = port } of service.spec?.ports ?? [])
          expect([81, 82, 'health', 'admin', 10254]).not.toContain(targetPort)
    })
  })
})

function target({ port, targetPort = port }: ServicePort): object {
  return typeof targetPort === 'number' ? { containerPort: targetPort } : { name: targetPort }
}

import type { Container, Probe } from '../kube-object.ts'

/** Where a probe by HTTP asks; undefined for a probe of another kind, which counts as passed here. */
export function probeUrl({ httpGet }: Probe, container: Container, address: string): string | undefined {
  if (httpGet === undefined) return undefined
  const { path, port } = httpGet
  const named = container.ports?.find(({ name }) => name === port)?.containerPort
  return `http://${address}:${named ?? port}${path}`
}

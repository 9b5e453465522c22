import type { Container, Probe } from '../kube-object.ts'

/**
 * The command line that asks what a probe asks, from outside the Pod, and ends with 0 when it passes: by HTTP a status
 * below 400, by TCP a connection. Undefined for a probe of another kind.
 */
export function probeCommand(
  { httpGet, tcpSocket }: Probe,
  container: Container,
  address: string,
): readonly string[] | undefined {
  const number = (port: number | string) =>
    container.ports?.find(({ name }) => name === port)?.containerPort ?? port
  if (httpGet !== undefined)
    return [
      'curl',
      '-sf',
      '-m',
      '1',
      '-o',
      '/dev/null',
      `http://${address}:${number(httpGet.port)}${httpGet.path}`,
    ]
  if (tcpSocket !== undefined)
    return ['timeout', '1', 'bash', '-c', `exec 3<>/dev/tcp/${address}/${number(tcpSocket.port)}`]
  return undefined
}

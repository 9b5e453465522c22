/**
 * The variable that Kubernetes injects for a Service: `auth-service` → `AUTH_SERVICE_SERVICE_HOST` (S2.29).
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
export function serviceVariable(service: string, part: 'HOST' | 'PORT'): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_SERVICE_${part}`
}

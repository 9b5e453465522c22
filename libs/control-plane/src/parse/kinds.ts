import { parseConfigMap } from './config-map.ts'
import { parseEndpointSlice } from './endpoint-slice.ts'
import { parseEndpoints } from './endpoints.ts'
import { parseIngressClass } from './ingress-class.ts'
import { parseIngress } from './ingress.ts'
import type { ParsedObject, ParseKind } from './parsed-object.ts'
import { parseSecret } from './secret.ts'
import { parseService } from './service.ts'

/** The kinds that have a say in routing; every other kind is passed over. */
export const KINDS = {
  Ingress: { apiVersion: 'networking.k8s.io/v1', namespaced: true, parse: parseIngress },
  IngressClass: { apiVersion: 'networking.k8s.io/v1', namespaced: false, parse: parseIngressClass },
  Service: { apiVersion: 'v1', namespaced: true, parse: parseService },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', namespaced: true, parse: parseEndpointSlice },
  Endpoints: { apiVersion: 'v1', namespaced: true, parse: parseEndpoints },
  Secret: { apiVersion: 'v1', namespaced: true, parse: parseSecret },
  ConfigMap: { apiVersion: 'v1', namespaced: true, parse: parseConfigMap },
} as const satisfies Record<
  string,
  { apiVersion: string; namespaced: boolean; parse: ParseKind<ParsedObject> }
>

export type Kind = keyof typeof KINDS

/** API groups that had a kind before it moved: such objects are refused by name instead of being passed over. */
export const OLD_VERSIONS: Readonly<Record<string, Kind>> = {
  'extensions/v1beta1 Ingress': 'Ingress',
  'networking.k8s.io/v1beta1 Ingress': 'Ingress',
  'networking.k8s.io/v1beta1 IngressClass': 'IngressClass',
  'discovery.k8s.io/v1beta1 EndpointSlice': 'EndpointSlice',
}

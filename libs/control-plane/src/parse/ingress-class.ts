import type { Fields } from './fields.ts'
import type { ParsedObject } from './parsed-object.ts'

/** `networking.k8s.io/v1` IngressClass. It has no namespace. */
export interface IngressClass extends ParsedObject {
  readonly controller: string
  /** The API server writes such a class into Ingresses that name none when they are created. */
  readonly isDefault: boolean
}

export function parseIngressClass(base: ParsedObject, fields: Fields): IngressClass {
  const controller = fields.fields('spec')?.text('controller')
  if (controller === undefined || controller === '') {
    fields.problem(['spec', 'controller'], 'is missing', 'name the controller, as k8s.io/ingress-nginx')
  }
  const isDefault = base.annotations.get('ingressclass.kubernetes.io/is-default-class') === 'true'
  return { ...base, controller: controller ?? '', isDefault }
}

import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Ingress, IngressClass, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { ConfigMap, Namespace, Pod, Secret, Service } from 'kubernetes-models/v1'
import { describeObject, type KubeObject } from './kube-object.ts'

/** The kinds that deploy/ and ingress/ use, by apiVersion and kind; `module` and `type` name their types. */
export const MODELS = {
  'apps/v1 Deployment': { module: 'apps/v1', type: 'IDeployment', Model: Deployment },
  'autoscaling/v2 HorizontalPodAutoscaler': {
    module: 'autoscaling/v2',
    type: 'IHorizontalPodAutoscaler',
    Model: HorizontalPodAutoscaler,
  },
  'networking.k8s.io/v1 Ingress': { module: 'networking.k8s.io/v1', type: 'IIngress', Model: Ingress },
  'networking.k8s.io/v1 IngressClass': {
    module: 'networking.k8s.io/v1',
    type: 'IIngressClass',
    Model: IngressClass,
  },
  'networking.k8s.io/v1 NetworkPolicy': {
    module: 'networking.k8s.io/v1',
    type: 'INetworkPolicy',
    Model: NetworkPolicy,
  },
  'policy/v1 PodDisruptionBudget': {
    module: 'policy/v1',
    type: 'IPodDisruptionBudget',
    Model: PodDisruptionBudget,
  },
  'v1 ConfigMap': { module: 'v1', type: 'IConfigMap', Model: ConfigMap },
  'v1 Namespace': { module: 'v1', type: 'INamespace', Model: Namespace },
  'v1 Pod': { module: 'v1', type: 'IPod', Model: Pod },
  'v1 Secret': { module: 'v1', type: 'ISecret', Model: Secret },
  'v1 Service': { module: 'v1', type: 'IService', Model: Service },
} as const

export type ModelName = keyof typeof MODELS

export const modelName = (object: KubeObject): string => `${object.apiVersion} ${object.kind}`

/** What the Kubernetes schema has against `object`; undefined when nothing. */
export function schemaError(object: KubeObject): string | undefined {
  const name = modelName(object)
  if (!isModelled(name)) return `${describeObject(object)}: no schema for ${name}`
  try {
    const { Model } = MODELS[name]
    new Model(structuredClone(object) as never).validate()
    return undefined
  } catch (error) {
    return `${describeObject(object)}: ${error instanceof Error ? error.message : String(error)}`
  }
}

export function isModelled(name: string): name is ModelName {
  return name in MODELS
}

// Kubernetes objects as the tests look at them: parsed YAML, nothing trusted beyond kind and name.

/** The parts of an object that the tests ask about; whatever else it holds stays in place. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Labels
    readonly annotations?: Labels
  }
  readonly type?: string
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: Spec
}

export type Labels = Readonly<Record<string, string>>

export interface Spec extends PodSpec {
  readonly replicas?: number
  readonly type?: string
  readonly clusterIP?: string
  readonly externalName?: string
  readonly externalTrafficPolicy?: string
  readonly selector?: Labels & { readonly matchLabels?: Labels }
  readonly ports?: readonly ServicePort[]
  readonly template?: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec }
  readonly podSelector?: { readonly matchLabels?: Labels; readonly matchExpressions?: readonly object[] }
  readonly ingress?: readonly {
    readonly from?: readonly NetworkPeer[]
    readonly ports?: readonly { readonly port: number | string; readonly protocol?: string }[]
  }[]
  readonly scaleTargetRef?: { readonly name: string }
  readonly minReplicas?: number
  readonly metrics?: readonly {
    readonly resource: { readonly target: { readonly averageUtilization: number } }
  }[]
  readonly rules?: readonly { readonly host?: string }[]
  readonly tls?: readonly { readonly hosts: readonly string[]; readonly secretName: string }[]
  readonly controller?: string
  readonly defaultBackend?: { readonly service: { readonly name: string } }
}

/** Pods of the policy's own namespace, or all Pods of the namespaces that are selected. */
export interface NetworkPeer {
  readonly podSelector?: { readonly matchLabels: Labels }
  readonly namespaceSelector?: { readonly matchLabels: Labels }
}

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly nodePort?: number
  readonly protocol?: string
}

export interface PodSpec {
  readonly containers?: readonly Container[]
  readonly volumes?: readonly Volume[]
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean
    readonly runAsUser?: number
    readonly seccompProfile?: { readonly type: string }
    readonly sysctls?: readonly { readonly name: string; readonly value: string }[]
  }
  readonly automountServiceAccountToken?: boolean
  readonly enableServiceLinks?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly topologySpreadConstraints?: readonly {
    readonly topologyKey: string
    readonly matchLabelKeys?: readonly string[]
  }[]
}

export interface Volume {
  readonly name: string
  readonly emptyDir?: object
  readonly secret?: { readonly secretName: string }
  readonly configMap?: {
    readonly name: string
    readonly items?: readonly { readonly key: string; readonly path: string }[]
  }
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: number | string; readonly scheme?: string }
  readonly tcpSocket?: { readonly port: number | string }
  readonly initialDelaySeconds?: number
  readonly periodSeconds?: number
  readonly timeoutSeconds?: number
  readonly failureThreshold?: number
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly command?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[]
  readonly envFrom?: readonly {
    readonly configMapRef: { readonly name: string; readonly optional?: boolean }
  }[]
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[]
  readonly startupProbe?: Probe
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly lifecycle?: {
    readonly preStop?: {
      readonly exec?: { readonly command: readonly string[] }
      readonly sleep?: { readonly seconds: number }
    }
  }
  readonly resources?: { readonly limits?: Labels; readonly requests?: Labels }
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean
    readonly readOnlyRootFilesystem?: boolean
    readonly runAsUser?: number
    readonly capabilities?: { readonly drop?: readonly string[] }
  }
  readonly volumeMounts?: readonly {
    readonly name: string
    readonly mountPath: string
    readonly readOnly?: boolean
  }[]
}

/** A Pod, or what a Deployment makes Pods from. */
export interface Workload {
  readonly object: KubeObject
  readonly namespace: string
  readonly labels: Labels
  readonly pod: PodSpec
  readonly containers: readonly Container[]
}

export const namespaceOf = (object: KubeObject): string => object.metadata.namespace ?? 'default'

/** `Deployment default/users-deployment`, for messages. */
export const describeObject = (object: KubeObject): string =>
  `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`

/** True for the same kind, namespace and name. */
export const sameObject =
  (one: KubeObject) =>
  (other: KubeObject): boolean =>
    describeObject(one) === describeObject(other)

export function workloadsOf(objects: readonly KubeObject[]): readonly Workload[] {
  return objects.flatMap((object) => {
    if (object.kind === 'Pod') return [workload(object, object.metadata.labels ?? {}, object.spec ?? {})]
    const template = object.kind === 'Deployment' ? object.spec?.template : undefined
    return template === undefined ? [] : [workload(object, template.metadata.labels, template.spec)]
  })
}

function workload(object: KubeObject, labels: Labels, pod: PodSpec): Workload {
  return { object, namespace: namespaceOf(object), labels, pod, containers: pod.containers ?? [] }
}

/** How many Pods `deployment` starts with: its own number, or its autoscaler's least. */
export function podsWanted(objects: readonly KubeObject[], deployment: KubeObject): number {
  const autoscaler = objects.find(
    (one) =>
      one.kind === 'HorizontalPodAutoscaler' &&
      one.spec?.scaleTargetRef?.name === deployment.metadata.name &&
      namespaceOf(one) === namespaceOf(deployment),
  )
  return deployment.spec?.replicas ?? autoscaler?.spec?.minReplicas ?? 1
}

/** True for a Pod with `labels` in the namespace of the policy; whole other namespaces are none of its business. */
export const isPeer = ({ podSelector }: NetworkPeer, labels: Labels): boolean =>
  podSelector !== undefined && selects(podSelector.matchLabels, labels)

/** True when `labels` have every pair of `selector`; an empty selector selects nothing, as in a Service. */
export function selects(selector: Labels, labels: Labels): boolean {
  const pairs = Object.entries(selector)
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value)
}

/** The one object of that kind and name. @throws Error naming what is there instead. */
export function find(
  objects: readonly KubeObject[],
  kind: string,
  name: string,
  namespace = 'default',
): KubeObject {
  const found = objects.find(
    (one) => one.kind === kind && one.metadata.name === name && namespaceOf(one) === namespace,
  )
  if (found !== undefined) return found
  throw new Error(`no ${kind} ${namespace}/${name} among: ${objects.map(describeObject).join(', ')}`)
}

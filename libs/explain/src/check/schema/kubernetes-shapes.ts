// Written by libs/explain/test/schema/shapes.test.ts (UPDATE_GOLDEN=1) from kubernetes-models 5.1.0.

/** Kinds of Kubernetes and their parts, one a line: name, then fields as name:type, with ! when they are required. */
export const KUBERNETES_SHAPES = `apis/meta/v1/LabelSelector matchExpressions:[]apis/meta/v1/LabelSelectorRequirement matchLabels:{}string
apis/meta/v1/LabelSelectorRequirement key!:string operator!:string values:[]string
apis/meta/v1/ObjectMeta annotations:{}string creationTimestamp:string deletionGracePeriodSeconds:number deletionTimestamp:string finalizers:[]string generateName:string generation:number labels:{}string managedFields:any name:string namespace:string ownerReferences:[]apis/meta/v1/OwnerReference resourceVersion:string selfLink:string uid:string
apis/meta/v1/OwnerReference apiVersion!:string blockOwnerDeletion:boolean controller:boolean kind!:string name!:string uid!:string
apps/v1/DaemonSet apiVersion!:=apps/v1 kind!:=DaemonSet metadata:apis/meta/v1/ObjectMeta spec:apps/v1/DaemonSetSpec status:any
apps/v1/DaemonSetSpec minReadySeconds:number revisionHistoryLimit:number selector!:apis/meta/v1/LabelSelector template!:v1/PodTemplateSpec updateStrategy:apps/v1/DaemonSetUpdateStrategy
apps/v1/DaemonSetUpdateStrategy rollingUpdate:apps/v1/RollingUpdateDaemonSet type:=OnDelete|RollingUpdate
apps/v1/Deployment apiVersion!:=apps/v1 kind!:=Deployment metadata:apis/meta/v1/ObjectMeta spec:apps/v1/DeploymentSpec status:any
apps/v1/DeploymentSpec minReadySeconds:number paused:boolean progressDeadlineSeconds:number replicas:number revisionHistoryLimit:number selector!:apis/meta/v1/LabelSelector strategy:apps/v1/DeploymentStrategy template!:v1/PodTemplateSpec
apps/v1/DeploymentStrategy rollingUpdate:apps/v1/RollingUpdateDeployment type:=Recreate|RollingUpdate
apps/v1/ReplicaSet apiVersion!:=apps/v1 kind!:=ReplicaSet metadata:apis/meta/v1/ObjectMeta spec:apps/v1/ReplicaSetSpec status:any
apps/v1/ReplicaSetSpec minReadySeconds:number replicas:number selector!:apis/meta/v1/LabelSelector template:v1/PodTemplateSpec
apps/v1/RollingUpdateDaemonSet maxSurge:scalar maxUnavailable:scalar
apps/v1/RollingUpdateDeployment maxSurge:scalar maxUnavailable:scalar
apps/v1/RollingUpdateStatefulSetStrategy maxUnavailable:scalar partition:number
apps/v1/StatefulSet apiVersion!:=apps/v1 kind!:=StatefulSet metadata:apis/meta/v1/ObjectMeta spec:apps/v1/StatefulSetSpec status:any
apps/v1/StatefulSetOrdinals start:number
apps/v1/StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:string whenScaled:string
apps/v1/StatefulSetSpec minReadySeconds:number ordinals:apps/v1/StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:apps/v1/StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:=OrderedReady|Parallel replicas:number revisionHistoryLimit:number selector!:apis/meta/v1/LabelSelector serviceName:string template!:v1/PodTemplateSpec updateStrategy:apps/v1/StatefulSetUpdateStrategy volumeClaimTemplates:[]any
apps/v1/StatefulSetUpdateStrategy rollingUpdate:apps/v1/RollingUpdateStatefulSetStrategy type:=OnDelete|RollingUpdate
autoscaling/v2/ContainerResourceMetricSource container!:string name!:string target!:autoscaling/v2/MetricTarget
autoscaling/v2/CrossVersionObjectReference apiVersion:string kind!:string name!:string
autoscaling/v2/ExternalMetricSource metric!:autoscaling/v2/MetricIdentifier target!:autoscaling/v2/MetricTarget
autoscaling/v2/HPAScalingPolicy periodSeconds!:number type!:string value!:number
autoscaling/v2/HPAScalingRules policies:[]autoscaling/v2/HPAScalingPolicy selectPolicy:string stabilizationWindowSeconds:number tolerance:scalar
autoscaling/v2/HorizontalPodAutoscaler apiVersion!:=autoscaling/v2 kind!:=HorizontalPodAutoscaler metadata:apis/meta/v1/ObjectMeta spec!:autoscaling/v2/HorizontalPodAutoscalerSpec status:any
autoscaling/v2/HorizontalPodAutoscalerBehavior scaleDown:autoscaling/v2/HPAScalingRules scaleUp:autoscaling/v2/HPAScalingRules
autoscaling/v2/HorizontalPodAutoscalerSpec behavior:autoscaling/v2/HorizontalPodAutoscalerBehavior maxReplicas!:number metrics:[]autoscaling/v2/MetricSpec minReplicas:number scaleTargetRef!:autoscaling/v2/CrossVersionObjectReference
autoscaling/v2/MetricIdentifier name!:string selector:apis/meta/v1/LabelSelector
autoscaling/v2/MetricSpec containerResource:autoscaling/v2/ContainerResourceMetricSource external:autoscaling/v2/ExternalMetricSource object:autoscaling/v2/ObjectMetricSource pods:autoscaling/v2/PodsMetricSource resource:autoscaling/v2/ResourceMetricSource type!:string
autoscaling/v2/MetricTarget averageUtilization:number averageValue:scalar type!:string value:scalar
autoscaling/v2/ObjectMetricSource describedObject!:autoscaling/v2/CrossVersionObjectReference metric!:autoscaling/v2/MetricIdentifier target!:autoscaling/v2/MetricTarget
autoscaling/v2/PodsMetricSource metric!:autoscaling/v2/MetricIdentifier target!:autoscaling/v2/MetricTarget
autoscaling/v2/ResourceMetricSource name!:string target!:autoscaling/v2/MetricTarget
batch/v1/CronJob apiVersion!:=batch/v1 kind!:=CronJob metadata:apis/meta/v1/ObjectMeta spec!:batch/v1/CronJobSpec status:any
batch/v1/CronJobSpec concurrencyPolicy:=Allow|Forbid|Replace failedJobsHistoryLimit:number jobTemplate!:batch/v1/JobTemplateSpec schedule!:string startingDeadlineSeconds:number successfulJobsHistoryLimit:number suspend:boolean timeZone:string
batch/v1/Job apiVersion!:=batch/v1 kind!:=Job metadata:apis/meta/v1/ObjectMeta spec:batch/v1/JobSpec status:any
batch/v1/JobSpec activeDeadlineSeconds:number backoffLimit:number backoffLimitPerIndex:number completionMode:=Indexed|NonIndexed completions:number managedBy:string manualSelector:boolean maxFailedIndexes:number parallelism:number podFailurePolicy:batch/v1/PodFailurePolicy podReplacementPolicy:=Failed|TerminatingOrFailed selector:apis/meta/v1/LabelSelector successPolicy:batch/v1/SuccessPolicy suspend:boolean template!:v1/PodTemplateSpec ttlSecondsAfterFinished:number
batch/v1/JobTemplateSpec metadata:apis/meta/v1/ObjectMeta spec:batch/v1/JobSpec
batch/v1/PodFailurePolicy rules!:[]batch/v1/PodFailurePolicyRule
batch/v1/PodFailurePolicyOnExitCodesRequirement containerName:string operator!:=In|NotIn values!:[]number
batch/v1/PodFailurePolicyOnPodConditionsPattern status:any type!:string
batch/v1/PodFailurePolicyRule action!:=Count|FailIndex|FailJob|Ignore onExitCodes:batch/v1/PodFailurePolicyOnExitCodesRequirement onPodConditions:[]batch/v1/PodFailurePolicyOnPodConditionsPattern
batch/v1/SuccessPolicy rules!:[]batch/v1/SuccessPolicyRule
batch/v1/SuccessPolicyRule succeededCount:number succeededIndexes:string
discovery.k8s.io/v1/Endpoint addresses!:[]string conditions:discovery.k8s.io/v1/EndpointConditions deprecatedTopology:{}string hints:discovery.k8s.io/v1/EndpointHints hostname:string nodeName:string targetRef:v1/ObjectReference zone:string
discovery.k8s.io/v1/EndpointConditions ready:boolean serving:boolean terminating:boolean
discovery.k8s.io/v1/EndpointHints forNodes:[]discovery.k8s.io/v1/ForNode forZones:[]discovery.k8s.io/v1/ForZone
discovery.k8s.io/v1/EndpointPort appProtocol:string name:string port:number protocol:=SCTP|TCP|UDP
discovery.k8s.io/v1/EndpointSlice addressType!:=FQDN|IPv4|IPv6 apiVersion!:=discovery.k8s.io/v1 endpoints:[]discovery.k8s.io/v1/Endpoint kind!:=EndpointSlice metadata:apis/meta/v1/ObjectMeta ports:[]discovery.k8s.io/v1/EndpointPort
discovery.k8s.io/v1/ForNode name!:string
discovery.k8s.io/v1/ForZone name!:string
networking.k8s.io/v1/HTTPIngressPath backend!:networking.k8s.io/v1/IngressBackend path:string pathType!:=Exact|ImplementationSpecific|Prefix
networking.k8s.io/v1/HTTPIngressRuleValue paths!:[]networking.k8s.io/v1/HTTPIngressPath
networking.k8s.io/v1/IPBlock cidr!:string except:[]string
networking.k8s.io/v1/Ingress apiVersion!:=networking.k8s.io/v1 kind!:=Ingress metadata:apis/meta/v1/ObjectMeta spec:networking.k8s.io/v1/IngressSpec status:any
networking.k8s.io/v1/IngressBackend resource:v1/TypedLocalObjectReference service:networking.k8s.io/v1/IngressServiceBackend
networking.k8s.io/v1/IngressClass apiVersion!:=networking.k8s.io/v1 kind!:=IngressClass metadata:apis/meta/v1/ObjectMeta spec:networking.k8s.io/v1/IngressClassSpec
networking.k8s.io/v1/IngressClassParametersReference apiGroup:string kind!:string name!:string namespace:string scope:string
networking.k8s.io/v1/IngressClassSpec controller:string parameters:networking.k8s.io/v1/IngressClassParametersReference
networking.k8s.io/v1/IngressRule host:string http:networking.k8s.io/v1/HTTPIngressRuleValue
networking.k8s.io/v1/IngressServiceBackend name!:string port:networking.k8s.io/v1/ServiceBackendPort
networking.k8s.io/v1/IngressSpec defaultBackend:networking.k8s.io/v1/IngressBackend ingressClassName:string rules:[]networking.k8s.io/v1/IngressRule tls:[]networking.k8s.io/v1/IngressTLS
networking.k8s.io/v1/IngressTLS hosts:[]string secretName:string
networking.k8s.io/v1/NetworkPolicy apiVersion!:=networking.k8s.io/v1 kind!:=NetworkPolicy metadata:apis/meta/v1/ObjectMeta spec:networking.k8s.io/v1/NetworkPolicySpec
networking.k8s.io/v1/NetworkPolicyEgressRule ports:[]networking.k8s.io/v1/NetworkPolicyPort to:[]networking.k8s.io/v1/NetworkPolicyPeer
networking.k8s.io/v1/NetworkPolicyIngressRule from:[]networking.k8s.io/v1/NetworkPolicyPeer ports:[]networking.k8s.io/v1/NetworkPolicyPort
networking.k8s.io/v1/NetworkPolicyPeer ipBlock:networking.k8s.io/v1/IPBlock namespaceSelector:apis/meta/v1/LabelSelector podSelector:apis/meta/v1/LabelSelector
networking.k8s.io/v1/NetworkPolicyPort endPort:number port:scalar protocol:=SCTP|TCP|UDP
networking.k8s.io/v1/NetworkPolicySpec egress:[]networking.k8s.io/v1/NetworkPolicyEgressRule ingress:[]networking.k8s.io/v1/NetworkPolicyIngressRule podSelector:apis/meta/v1/LabelSelector policyTypes:[]=Egress|Ingress
networking.k8s.io/v1/ServiceBackendPort name:string number:number
policy/v1/PodDisruptionBudget apiVersion!:=policy/v1 kind!:=PodDisruptionBudget metadata:apis/meta/v1/ObjectMeta spec:policy/v1/PodDisruptionBudgetSpec status:any
policy/v1/PodDisruptionBudgetSpec maxUnavailable:scalar minAvailable:scalar selector:apis/meta/v1/LabelSelector unhealthyPodEvictionPolicy:=AlwaysAllow|IfHealthyBudget
rbac.authorization.k8s.io/v1/AggregationRule clusterRoleSelectors:[]apis/meta/v1/LabelSelector
rbac.authorization.k8s.io/v1/ClusterRole aggregationRule:rbac.authorization.k8s.io/v1/AggregationRule apiVersion!:=rbac.authorization.k8s.io/v1 kind!:=ClusterRole metadata:apis/meta/v1/ObjectMeta rules:[]rbac.authorization.k8s.io/v1/PolicyRule
rbac.authorization.k8s.io/v1/ClusterRoleBinding apiVersion!:=rbac.authorization.k8s.io/v1 kind!:=ClusterRoleBinding metadata:apis/meta/v1/ObjectMeta roleRef!:rbac.authorization.k8s.io/v1/RoleRef subjects:[]rbac.authorization.k8s.io/v1/Subject
rbac.authorization.k8s.io/v1/PolicyRule apiGroups:[]string nonResourceURLs:[]string resourceNames:[]string resources:[]string verbs!:[]string
rbac.authorization.k8s.io/v1/Role apiVersion!:=rbac.authorization.k8s.io/v1 kind!:=Role metadata:apis/meta/v1/ObjectMeta rules:[]rbac.authorization.k8s.io/v1/PolicyRule
rbac.authorization.k8s.io/v1/RoleBinding apiVersion!:=rbac.authorization.k8s.io/v1 kind!:=RoleBinding metadata:apis/meta/v1/ObjectMeta roleRef!:rbac.authorization.k8s.io/v1/RoleRef subjects:[]rbac.authorization.k8s.io/v1/Subject
rbac.authorization.k8s.io/v1/RoleRef apiGroup:string kind!:string name!:string
rbac.authorization.k8s.io/v1/Subject apiGroup:string kind!:string name!:string namespace:string
v1/AWSElasticBlockStoreVolumeSource fsType:string partition:number readOnly:boolean volumeID!:string
v1/Affinity nodeAffinity:v1/NodeAffinity podAffinity:v1/PodAffinity podAntiAffinity:v1/PodAntiAffinity
v1/AppArmorProfile localhostProfile:string type!:=Localhost|RuntimeDefault|Unconfined
v1/AzureDiskVolumeSource cachingMode:=None|ReadOnly|ReadWrite diskName!:string diskURI!:string fsType:string kind:=Dedicated|Managed|Shared readOnly:boolean
v1/AzureFilePersistentVolumeSource readOnly:boolean secretName!:string secretNamespace:string shareName!:string
v1/AzureFileVolumeSource readOnly:boolean secretName!:string shareName!:string
v1/CSIPersistentVolumeSource controllerExpandSecretRef:v1/SecretReference controllerPublishSecretRef:v1/SecretReference driver!:string fsType:string nodeExpandSecretRef:v1/SecretReference nodePublishSecretRef:v1/SecretReference nodeStageSecretRef:v1/SecretReference readOnly:boolean volumeAttributes:{}string volumeHandle!:string
v1/CSIVolumeSource driver!:string fsType:string nodePublishSecretRef:v1/LocalObjectReference readOnly:boolean volumeAttributes:{}string
v1/Capabilities add:[]string drop:[]string
v1/CephFSPersistentVolumeSource monitors!:[]string path:string readOnly:boolean secretFile:string secretRef:v1/SecretReference user:string
v1/CephFSVolumeSource monitors!:[]string path:string readOnly:boolean secretFile:string secretRef:v1/LocalObjectReference user:string
v1/CinderPersistentVolumeSource fsType:string readOnly:boolean secretRef:v1/SecretReference volumeID!:string
v1/CinderVolumeSource fsType:string readOnly:boolean secretRef:v1/LocalObjectReference volumeID!:string
v1/ClientIPConfig timeoutSeconds:number
v1/ClusterTrustBundleProjection labelSelector:apis/meta/v1/LabelSelector name:string optional:boolean path!:string signerName:string
v1/ConfigMap apiVersion!:=v1 binaryData:{}string data:{}string immutable:boolean kind!:=ConfigMap metadata:apis/meta/v1/ObjectMeta
v1/ConfigMapEnvSource name:string optional:boolean
v1/ConfigMapKeySelector key!:string name:string optional:boolean
v1/ConfigMapProjection items:[]v1/KeyToPath name:string optional:boolean
v1/ConfigMapVolumeSource defaultMode:number items:[]v1/KeyToPath name:string optional:boolean
v1/Container args:[]string command:[]string env:[]v1/EnvVar envFrom:[]v1/EnvFromSource image:string imagePullPolicy:=Always|IfNotPresent|Never lifecycle:v1/Lifecycle livenessProbe:v1/Probe name!:string ports:[]v1/ContainerPort readinessProbe:v1/Probe resizePolicy:[]v1/ContainerResizePolicy resources:v1/ResourceRequirements restartPolicy:string restartPolicyRules:[]v1/ContainerRestartRule securityContext:v1/SecurityContext startupProbe:v1/Probe stdin:boolean stdinOnce:boolean terminationMessagePath:string terminationMessagePolicy:=FallbackToLogsOnError|File tty:boolean volumeDevices:[]v1/VolumeDevice volumeMounts:[]v1/VolumeMount workingDir:string
v1/ContainerPort containerPort!:number hostIP:string hostPort:number name:string protocol:=SCTP|TCP|UDP
v1/ContainerResizePolicy resourceName!:string restartPolicy!:string
v1/ContainerRestartRule action!:string exitCodes:v1/ContainerRestartRuleOnExitCodes
v1/ContainerRestartRuleOnExitCodes operator!:string values:[]number
v1/DownwardAPIProjection items:[]v1/DownwardAPIVolumeFile
v1/DownwardAPIVolumeFile fieldRef:v1/ObjectFieldSelector mode:number path!:string resourceFieldRef:v1/ResourceFieldSelector
v1/DownwardAPIVolumeSource defaultMode:number items:[]v1/DownwardAPIVolumeFile
v1/EmptyDirVolumeSource medium:string sizeLimit:scalar
v1/EndpointAddress hostname:string ip!:string nodeName:string targetRef:v1/ObjectReference
v1/EndpointPort appProtocol:string name:string port!:number protocol:=SCTP|TCP|UDP
v1/EndpointSubset addresses:[]v1/EndpointAddress notReadyAddresses:[]v1/EndpointAddress ports:[]v1/EndpointPort
v1/Endpoints apiVersion!:=v1 kind!:=Endpoints metadata:apis/meta/v1/ObjectMeta subsets:[]v1/EndpointSubset
v1/EnvFromSource configMapRef:v1/ConfigMapEnvSource prefix:string secretRef:v1/SecretEnvSource
v1/EnvVar name!:string value:string valueFrom:v1/EnvVarSource
v1/EnvVarSource configMapKeyRef:v1/ConfigMapKeySelector fieldRef:v1/ObjectFieldSelector fileKeyRef:v1/FileKeySelector resourceFieldRef:v1/ResourceFieldSelector secretKeyRef:v1/SecretKeySelector
v1/EphemeralContainer args:[]string command:[]string env:[]v1/EnvVar envFrom:[]v1/EnvFromSource image:string imagePullPolicy:=Always|IfNotPresent|Never lifecycle:v1/Lifecycle livenessProbe:v1/Probe name!:string ports:[]v1/ContainerPort readinessProbe:v1/Probe resizePolicy:[]v1/ContainerResizePolicy resources:v1/ResourceRequirements restartPolicy:string restartPolicyRules:[]v1/ContainerRestartRule securityContext:v1/SecurityContext startupProbe:v1/Probe stdin:boolean stdinOnce:boolean targetContainerName:string terminationMessagePath:string terminationMessagePolicy:=FallbackToLogsOnError|File tty:boolean volumeDevices:[]v1/VolumeDevice volumeMounts:[]v1/VolumeMount workingDir:string
v1/EphemeralVolumeSource volumeClaimTemplate:v1/PersistentVolumeClaimTemplate
v1/ExecAction command:[]string
v1/FCVolumeSource fsType:string lun:number readOnly:boolean targetWWNs:[]string wwids:[]string
v1/FileKeySelector key!:string optional:boolean path!:string volumeName!:string
v1/FlexPersistentVolumeSource driver!:string fsType:string options:{}string readOnly:boolean secretRef:v1/SecretReference
v1/FlexVolumeSource driver!:string fsType:string options:{}string readOnly:boolean secretRef:v1/LocalObjectReference
v1/FlockerVolumeSource datasetName:string datasetUUID:string
v1/GCEPersistentDiskVolumeSource fsType:string partition:number pdName!:string readOnly:boolean
v1/GRPCAction port!:number service:string
v1/GitRepoVolumeSource directory:string repository!:string revision:string
v1/GlusterfsPersistentVolumeSource endpoints!:string endpointsNamespace:string path!:string readOnly:boolean
v1/GlusterfsVolumeSource endpoints!:string path!:string readOnly:boolean
v1/HTTPGetAction host:string httpHeaders:[]v1/HTTPHeader path:string port!:scalar scheme:=HTTP|HTTPS
v1/HTTPHeader name!:string value:string
v1/HostAlias hostnames:[]string ip!:string
v1/HostPathVolumeSource path!:string type:=|BlockDevice|CharDevice|Directory|DirectoryOrCreate|File|FileOrCreate|Socket
v1/ISCSIPersistentVolumeSource chapAuthDiscovery:boolean chapAuthSession:boolean fsType:string initiatorName:string iqn!:string iscsiInterface:string lun!:number portals:[]string readOnly:boolean secretRef:v1/SecretReference targetPortal!:string
v1/ISCSIVolumeSource chapAuthDiscovery:boolean chapAuthSession:boolean fsType:string initiatorName:string iqn!:string iscsiInterface:string lun!:number portals:[]string readOnly:boolean secretRef:v1/LocalObjectReference targetPortal!:string
v1/ImageVolumeSource pullPolicy:=Always|IfNotPresent|Never reference:string
v1/KeyToPath key!:string mode:number path!:string
v1/Lifecycle postStart:v1/LifecycleHandler preStop:v1/LifecycleHandler stopSignal:=SIGABRT|SIGALRM|SIGBUS|SIGCHLD|SIGCLD|SIGCONT|SIGFPE|SIGHUP|SIGILL|SIGINT|SIGIO|SIGIOT|SIGKILL|SIGPIPE|SIGPOLL|SIGPROF|SIGPWR|SIGQUIT|SIGRTMAX|SIGRTMAX-1|SIGRTMAX-10|SIGRTMAX-11|SIGRTMAX-12|SIGRTMAX-13|SIGRTMAX-14|SIGRTMAX-2|SIGRTMAX-3|SIGRTMAX-4|SIGRTMAX-5|SIGRTMAX-6|SIGRTMAX-7|SIGRTMAX-8|SIGRTMAX-9|SIGRTMIN|SIGRTMIN+1|SIGRTMIN+10|SIGRTMIN+11|SIGRTMIN+12|SIGRTMIN+13|SIGRTMIN+14|SIGRTMIN+15|SIGRTMIN+2|SIGRTMIN+3|SIGRTMIN+4|SIGRTMIN+5|SIGRTMIN+6|SIGRTMIN+7|SIGRTMIN+8|SIGRTMIN+9|SIGSEGV|SIGSTKFLT|SIGSTOP|SIGSYS|SIGTERM|SIGTRAP|SIGTSTP|SIGTTIN|SIGTTOU|SIGURG|SIGUSR1|SIGUSR2|SIGVTALRM|SIGWINCH|SIGXCPU|SIGXFSZ
v1/LifecycleHandler exec:v1/ExecAction httpGet:v1/HTTPGetAction sleep:v1/SleepAction tcpSocket:v1/TCPSocketAction
v1/LimitRange apiVersion!:=v1 kind!:=LimitRange metadata:apis/meta/v1/ObjectMeta spec:v1/LimitRangeSpec
v1/LimitRangeItem default:{}scalar defaultRequest:{}scalar max:{}scalar maxLimitRequestRatio:{}scalar min:{}scalar type!:string
v1/LimitRangeSpec limits:[]v1/LimitRangeItem
v1/LocalObjectReference name:string
v1/LocalVolumeSource fsType:string path!:string
v1/NFSVolumeSource path!:string readOnly:boolean server!:string
v1/Namespace apiVersion!:=v1 kind!:=Namespace metadata:apis/meta/v1/ObjectMeta spec:v1/NamespaceSpec status:any
v1/NamespaceSpec finalizers:[]string
v1/NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[]v1/PreferredSchedulingTerm requiredDuringSchedulingIgnoredDuringExecution:v1/NodeSelector
v1/NodeSelector nodeSelectorTerms!:[]v1/NodeSelectorTerm
v1/NodeSelectorRequirement key!:string operator!:=DoesNotExist|Exists|Gt|In|Lt|NotIn values:[]string
v1/NodeSelectorTerm matchExpressions:[]v1/NodeSelectorRequirement matchFields:[]v1/NodeSelectorRequirement
v1/ObjectFieldSelector apiVersion:string fieldPath!:string
v1/ObjectReference apiVersion:string fieldPath:string kind:string name:string namespace:string resourceVersion:string uid:string
v1/PersistentVolume apiVersion!:=v1 kind!:=PersistentVolume metadata:apis/meta/v1/ObjectMeta spec:v1/PersistentVolumeSpec status:any
v1/PersistentVolumeClaim apiVersion!:=v1 kind!:=PersistentVolumeClaim metadata:apis/meta/v1/ObjectMeta spec:v1/PersistentVolumeClaimSpec status:any
v1/PersistentVolumeClaimSpec accessModes:[]=ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod dataSource:v1/TypedLocalObjectReference dataSourceRef:v1/TypedObjectReference resources:v1/VolumeResourceRequirements selector:apis/meta/v1/LabelSelector storageClassName:string volumeAttributesClassName:string volumeMode:=Block|Filesystem volumeName:string
v1/PersistentVolumeClaimTemplate metadata:apis/meta/v1/ObjectMeta spec!:v1/PersistentVolumeClaimSpec
v1/PersistentVolumeClaimVolumeSource claimName!:string readOnly:boolean
v1/PersistentVolumeSpec accessModes:[]=ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod awsElasticBlockStore:v1/AWSElasticBlockStoreVolumeSource azureDisk:v1/AzureDiskVolumeSource azureFile:v1/AzureFilePersistentVolumeSource capacity:{}scalar cephfs:v1/CephFSPersistentVolumeSource cinder:v1/CinderPersistentVolumeSource claimRef:v1/ObjectReference csi:v1/CSIPersistentVolumeSource fc:v1/FCVolumeSource flexVolume:v1/FlexPersistentVolumeSource flocker:v1/FlockerVolumeSource gcePersistentDisk:v1/GCEPersistentDiskVolumeSource glusterfs:v1/GlusterfsPersistentVolumeSource hostPath:v1/HostPathVolumeSource iscsi:v1/ISCSIPersistentVolumeSource local:v1/LocalVolumeSource mountOptions:[]string nfs:v1/NFSVolumeSource nodeAffinity:v1/VolumeNodeAffinity persistentVolumeReclaimPolicy:=Delete|Recycle|Retain photonPersistentDisk:v1/PhotonPersistentDiskVolumeSource portworxVolume:v1/PortworxVolumeSource quobyte:v1/QuobyteVolumeSource rbd:v1/RBDPersistentVolumeSource scaleIO:v1/ScaleIOPersistentVolumeSource storageClassName:string storageos:v1/StorageOSPersistentVolumeSource volumeAttributesClassName:string volumeMode:=Block|Filesystem vsphereVolume:v1/VsphereVirtualDiskVolumeSource
v1/PhotonPersistentDiskVolumeSource fsType:string pdID!:string
v1/Pod apiVersion!:=v1 kind!:=Pod metadata:apis/meta/v1/ObjectMeta spec:v1/PodSpec status:any
v1/PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[]v1/WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[]v1/PodAffinityTerm
v1/PodAffinityTerm labelSelector:apis/meta/v1/LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string namespaceSelector:apis/meta/v1/LabelSelector namespaces:[]string topologyKey!:string
v1/PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[]v1/WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[]v1/PodAffinityTerm
v1/PodCertificateProjection certificateChainPath:string credentialBundlePath:string keyPath:string keyType!:string maxExpirationSeconds:number signerName!:string userAnnotations:{}string
v1/PodDNSConfig nameservers:[]string options:[]v1/PodDNSConfigOption searches:[]string
v1/PodDNSConfigOption name:string value:string
v1/PodOS name!:string
v1/PodReadinessGate conditionType!:string
v1/PodResourceClaim name!:string resourceClaimName:string resourceClaimTemplateName:string
v1/PodSchedulingGate name!:string
v1/PodSchedulingGroup podGroupName:string
v1/PodSecurityContext appArmorProfile:v1/AppArmorProfile fsGroup:number fsGroupChangePolicy:=Always|OnRootMismatch runAsGroup:number runAsNonRoot:boolean runAsUser:number seLinuxChangePolicy:string seLinuxOptions:v1/SELinuxOptions seccompProfile:v1/SeccompProfile supplementalGroups:[]number supplementalGroupsPolicy:=Merge|Strict sysctls:[]v1/Sysctl windowsOptions:v1/WindowsSecurityContextOptions
v1/PodSpec activeDeadlineSeconds:number affinity:v1/Affinity automountServiceAccountToken:boolean containers!:[]v1/Container dnsConfig:v1/PodDNSConfig dnsPolicy:=ClusterFirst|ClusterFirstWithHostNet|Default|None enableServiceLinks:boolean ephemeralContainers:[]v1/EphemeralContainer hostAliases:[]v1/HostAlias hostIPC:boolean hostNetwork:boolean hostPID:boolean hostUsers:boolean hostname:string hostnameOverride:string imagePullSecrets:[]v1/LocalObjectReference initContainers:[]v1/Container nodeName:string nodeSelector:{}string os:v1/PodOS overhead:{}scalar preemptionPolicy:=Never|PreemptLowerPriority priority:number priorityClassName:string readinessGates:[]v1/PodReadinessGate resourceClaims:[]v1/PodResourceClaim resources:v1/ResourceRequirements restartPolicy:=Always|Never|OnFailure runtimeClassName:string schedulerName:string schedulingGates:[]v1/PodSchedulingGate schedulingGroup:v1/PodSchedulingGroup securityContext:v1/PodSecurityContext serviceAccount:string serviceAccountName:string setHostnameAsFQDN:boolean shareProcessNamespace:boolean subdomain:string terminationGracePeriodSeconds:number tolerations:[]v1/Toleration topologySpreadConstraints:[]v1/TopologySpreadConstraint volumes:[]v1/Volume
v1/PodTemplateSpec metadata:apis/meta/v1/ObjectMeta spec:v1/PodSpec
v1/PortworxVolumeSource fsType:string readOnly:boolean volumeID!:string
v1/PreferredSchedulingTerm preference!:v1/NodeSelectorTerm weight!:number
v1/Probe exec:v1/ExecAction failureThreshold:number grpc:v1/GRPCAction httpGet:v1/HTTPGetAction initialDelaySeconds:number periodSeconds:number successThreshold:number tcpSocket:v1/TCPSocketAction terminationGracePeriodSeconds:number timeoutSeconds:number
v1/ProjectedVolumeSource defaultMode:number sources:[]v1/VolumeProjection
v1/QuobyteVolumeSource group:string readOnly:boolean registry!:string tenant:string user:string volume!:string
v1/RBDPersistentVolumeSource fsType:string image!:string keyring:string monitors!:[]string pool:string readOnly:boolean secretRef:v1/SecretReference user:string
v1/RBDVolumeSource fsType:string image!:string keyring:string monitors!:[]string pool:string readOnly:boolean secretRef:v1/LocalObjectReference user:string
v1/ReplicationController apiVersion!:=v1 kind!:=ReplicationController metadata:apis/meta/v1/ObjectMeta spec:v1/ReplicationControllerSpec status:any
v1/ReplicationControllerSpec minReadySeconds:number replicas:number selector:{}string template:v1/PodTemplateSpec
v1/ResourceClaim name!:string request:string
v1/ResourceFieldSelector containerName:string divisor:scalar resource!:string
v1/ResourceQuota apiVersion!:=v1 kind!:=ResourceQuota metadata:apis/meta/v1/ObjectMeta spec:v1/ResourceQuotaSpec status:any
v1/ResourceQuotaSpec hard:{}scalar scopeSelector:v1/ScopeSelector scopes:[]=BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass
v1/ResourceRequirements claims:[]v1/ResourceClaim limits:{}scalar requests:{}scalar
v1/SELinuxOptions level:string role:string type:string user:string
v1/ScaleIOPersistentVolumeSource fsType:string gateway!:string protectionDomain:string readOnly:boolean secretRef!:v1/SecretReference sslEnabled:boolean storageMode:string storagePool:string system!:string volumeName:string
v1/ScaleIOVolumeSource fsType:string gateway!:string protectionDomain:string readOnly:boolean secretRef!:v1/LocalObjectReference sslEnabled:boolean storageMode:string storagePool:string system!:string volumeName:string
v1/ScopeSelector matchExpressions:[]v1/ScopedResourceSelectorRequirement
v1/ScopedResourceSelectorRequirement operator!:=DoesNotExist|Exists|In|NotIn scopeName!:=BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass values:[]string
v1/SeccompProfile localhostProfile:string type!:=Localhost|RuntimeDefault|Unconfined
v1/Secret apiVersion!:=v1 data:{}string immutable:boolean kind!:=Secret metadata:apis/meta/v1/ObjectMeta stringData:{}string type:string
v1/SecretEnvSource name:string optional:boolean
v1/SecretKeySelector key!:string name:string optional:boolean
v1/SecretProjection items:[]v1/KeyToPath name:string optional:boolean
v1/SecretReference name:string namespace:string
v1/SecretVolumeSource defaultMode:number items:[]v1/KeyToPath optional:boolean secretName:string
v1/SecurityContext allowPrivilegeEscalation:boolean appArmorProfile:v1/AppArmorProfile capabilities:v1/Capabilities privileged:boolean procMount:=Default|Unmasked readOnlyRootFilesystem:boolean runAsGroup:number runAsNonRoot:boolean runAsUser:number seLinuxOptions:v1/SELinuxOptions seccompProfile:v1/SeccompProfile windowsOptions:v1/WindowsSecurityContextOptions
v1/Service apiVersion!:=v1 kind!:=Service metadata:apis/meta/v1/ObjectMeta spec:v1/ServiceSpec status:any
v1/ServiceAccount apiVersion!:=v1 automountServiceAccountToken:boolean imagePullSecrets:[]v1/LocalObjectReference kind!:=ServiceAccount metadata:apis/meta/v1/ObjectMeta secrets:[]v1/ObjectReference
v1/ServiceAccountTokenProjection audience:string expirationSeconds:number path!:string
v1/ServicePort appProtocol:string name:string nodePort:number port!:number protocol:=SCTP|TCP|UDP targetPort:scalar
v1/ServiceSpec allocateLoadBalancerNodePorts:boolean clusterIP:string clusterIPs:[]string externalIPs:[]string externalName:string externalTrafficPolicy:=Cluster|Local healthCheckNodePort:number internalTrafficPolicy:=Cluster|Local ipFamilies:[]=|IPv4|IPv6 ipFamilyPolicy:=PreferDualStack|RequireDualStack|SingleStack loadBalancerClass:string loadBalancerIP:string loadBalancerSourceRanges:[]string ports:[]v1/ServicePort publishNotReadyAddresses:boolean selector:{}string sessionAffinity:=ClientIP|None sessionAffinityConfig:v1/SessionAffinityConfig trafficDistribution:string type:=ClusterIP|ExternalName|LoadBalancer|NodePort
v1/SessionAffinityConfig clientIP:v1/ClientIPConfig
v1/SleepAction seconds!:number
v1/StorageOSPersistentVolumeSource fsType:string readOnly:boolean secretRef:v1/ObjectReference volumeName:string volumeNamespace:string
v1/StorageOSVolumeSource fsType:string readOnly:boolean secretRef:v1/LocalObjectReference volumeName:string volumeNamespace:string
v1/Sysctl name!:string value:string
v1/TCPSocketAction host:string port!:scalar
v1/Toleration effect:=NoExecute|NoSchedule|PreferNoSchedule key:string operator:=Equal|Exists|Gt|Lt tolerationSeconds:number value:string
v1/TopologySpreadConstraint labelSelector:apis/meta/v1/LabelSelector matchLabelKeys:[]string maxSkew!:number minDomains:number nodeAffinityPolicy:=Honor|Ignore nodeTaintsPolicy:=Honor|Ignore topologyKey!:string whenUnsatisfiable!:=DoNotSchedule|ScheduleAnyway
v1/TypedLocalObjectReference apiGroup:string kind!:string name!:string
v1/TypedObjectReference apiGroup:string kind!:string name!:string namespace:string
v1/Volume awsElasticBlockStore:v1/AWSElasticBlockStoreVolumeSource azureDisk:v1/AzureDiskVolumeSource azureFile:v1/AzureFileVolumeSource cephfs:v1/CephFSVolumeSource cinder:v1/CinderVolumeSource configMap:v1/ConfigMapVolumeSource csi:v1/CSIVolumeSource downwardAPI:v1/DownwardAPIVolumeSource emptyDir:v1/EmptyDirVolumeSource ephemeral:v1/EphemeralVolumeSource fc:v1/FCVolumeSource flexVolume:v1/FlexVolumeSource flocker:v1/FlockerVolumeSource gcePersistentDisk:v1/GCEPersistentDiskVolumeSource gitRepo:v1/GitRepoVolumeSource glusterfs:v1/GlusterfsVolumeSource hostPath:v1/HostPathVolumeSource image:v1/ImageVolumeSource iscsi:v1/ISCSIVolumeSource name!:string nfs:v1/NFSVolumeSource persistentVolumeClaim:v1/PersistentVolumeClaimVolumeSource photonPersistentDisk:v1/PhotonPersistentDiskVolumeSource portworxVolume:v1/PortworxVolumeSource projected:v1/ProjectedVolumeSource quobyte:v1/QuobyteVolumeSource rbd:v1/RBDVolumeSource scaleIO:v1/ScaleIOVolumeSource secret:v1/SecretVolumeSource storageos:v1/StorageOSVolumeSource vsphereVolume:v1/VsphereVirtualDiskVolumeSource
v1/VolumeDevice devicePath!:string name!:string
v1/VolumeMount mountPath!:string mountPropagation:=Bidirectional|HostToContainer|None name!:string readOnly:boolean recursiveReadOnly:string subPath:string subPathExpr:string
v1/VolumeNodeAffinity required:v1/NodeSelector
v1/VolumeProjection clusterTrustBundle:v1/ClusterTrustBundleProjection configMap:v1/ConfigMapProjection downwardAPI:v1/DownwardAPIProjection podCertificate:v1/PodCertificateProjection secret:v1/SecretProjection serviceAccountToken:v1/ServiceAccountTokenProjection
v1/VolumeResourceRequirements limits:{}scalar requests:{}scalar
v1/VsphereVirtualDiskVolumeSource fsType:string storagePolicyID:string storagePolicyName:string volumePath!:string
v1/WeightedPodAffinityTerm podAffinityTerm!:v1/PodAffinityTerm weight!:number
v1/WindowsSecurityContextOptions gmsaCredentialSpec:string gmsaCredentialSpecName:string hostProcess:boolean runAsUserName:string`

import type { Rule } from './rule.ts'
import { authExposed } from './rules/auth-exposed.ts'
import { certificates } from './rules/certificates.ts'
import { hsts } from './rules/hsts.ts'
import { imageTag } from './rules/image-tag.ts'
import { kubernetesFields } from './rules/kubernetes-fields.ts'
import { rewriteLosesPath } from './rules/rewrite-loses-path.ts'
import { selectorOverlap } from './rules/selector-overlap.ts'
import { servicePods } from './rules/service-pods.ts'
import { servicePorts } from './rules/service-ports.ts'
import { shadowed } from './rules/shadowed.ts'

/** What check finds beyond the compiler: it sees Pods, images and the calendar, which routing does not. */
export const RULES: readonly Rule[] = [
  authExposed,
  certificates,
  hsts,
  imageTag,
  kubernetesFields,
  rewriteLosesPath,
  selectorOverlap,
  servicePods,
  servicePorts,
  shadowed,
]

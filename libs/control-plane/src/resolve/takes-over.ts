import type { Location } from './model.ts'

/** True where ingress-nginx's template writes `location ~*`: use-regex, or a rewrite to anything but the path itself. */
export function takesOver({ plan, path }: Location): boolean {
  const { useRegex, target } = plan.settings.rewrite
  return useRegex || (target !== undefined && target !== path)
}

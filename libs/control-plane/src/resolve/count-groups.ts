/** How many groups of a path's regular expression capture: parentheses neither escaped, nor in a class, nor `(?:…)`. */
export function countGroups(pattern: string): number {
  const bare = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '')
  return [...bare.matchAll(/\((?!\?)|\(\?P?<[A-Za-z]/g)].length
}

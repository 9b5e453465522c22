/** The anchors of a page, as GitHub makes them of its headings: small letters, dashes for blanks, a number for the second of two. */
export function anchorsOf(markdown: string): readonly string[] {
  const seen = new Map<string, number>()
  return [...markdown.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.+)$/gm)].map(
    ([, heading = '']) => {
      const text = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .trim()
        .toLowerCase()
      const slug = text.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-')
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      return count === 0 ? slug : `${slug}-${String(count)}`
    },
  )
}

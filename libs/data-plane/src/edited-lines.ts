import type { HeaderEdits, HeaderView } from '@postern/exchange'

export type Lines = readonly (readonly [name: string, value: string])[]

/** A header section after its edits, as an engine writes it. */
export function edited(lines: Lines, edits: HeaderEdits): Lines {
  let result = [...lines]
  edits.each((kind, name, value) => {
    if (kind !== 'add') result = result.filter(([key]) => key.toLowerCase() !== name.toLowerCase())
    if (value !== undefined) result.push([name, value])
  })
  return result
}

export function linesOf(view: HeaderView): Lines {
  const lines: (readonly [string, string])[] = []
  view.each((name, value) => lines.push([name, value]))
  return lines
}

export function viewOf(lines: Lines): HeaderView {
  const values = (name: string): string[] =>
    lines.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return {
    get: (name) => {
      const found = values(name)
      return found.length === 0 ? undefined : found.join(name.toLowerCase() === 'cookie' ? '; ' : ', ')
    },
    has: (name) => values(name).length > 0,
    each: (visit) => lines.forEach(([name, value]) => visit(name, value)),
  }
}

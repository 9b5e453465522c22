import type { Detail, Explanation, Stage } from './explanation.ts'
import { wrap } from './wrap.ts'

/** Paints a word; leaves it plain where no colour is wanted. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'dim' | 'bold', text: string) => string

export const plain: Paint = (_colour, text) => text

const MARKS: Readonly<Record<Detail['mark'], readonly [string, Parameters<Paint>[0]]>> = {
  won: ['✓', 'green'],
  passed: ['·', 'green'],
  lost: ['✗', 'dim'],
  stopped: ['■', 'red'],
  note: ['–', 'dim'],
}

const WIDTH = 100

/** The tree as text, for a terminal of so many columns. */
export function renderExplanation(
  explanation: Explanation,
  paint: Paint = plain,
  width: number = WIDTH,
): string {
  const { request, summary, assumptions, findings, stages, wouldChange } = explanation
  const lines = [
    paint('bold', `${request.method} ${request.url}`),
    ...wrap(`→ ${summary}`, width, '  '),
    ...assumptions.flatMap((sentence) => wrap(`? Taken for granted: ${sentence}.`, width, '  ')),
    ...findings.flatMap(({ sentence, place }) =>
      wrap(`! ${sentence}${place === undefined ? '' : ` (${place})`}`, width, '  ').map((line) =>
        paint('yellow', line),
      ),
    ),
    '',
    ...stages.flatMap((stage) => stageLines(stage, paint, width)),
    ...(wouldChange.length === 0 ? [] : ['', paint('bold', 'What would change this')]),
    ...wouldChange.flatMap(({ change, outcome }) =>
      wrap(`${change}: ${outcome}`, width - 2, '    ').map((l) => `  ${l}`),
    ),
  ]
  return `${lines.join('\n')}\n`
}

function stageLines({ stage, decision, details }: Stage, paint: Paint, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(decision, width - 12, '')
  return [
    `${paint('bold', stage.padEnd(11))} ${first}`,
    ...rest.map((line) => ' '.repeat(12) + line),
    ...details.flatMap((detail) => detailLines(detail, paint, width)),
  ]
}

function detailLines({ mark, text, place }: Detail, paint: Paint, width: number): readonly string[] {
  const [sign, colour] = MARKS[mark]
  const [first = '', ...rest] = wrap(place === undefined ? text : `${text} (${place})`, width - 14, '')
  return [`${' '.repeat(12)}${paint(colour, sign)} ${first}`, ...rest.map((line) => ' '.repeat(14) + line)]
}

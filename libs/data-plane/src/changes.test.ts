import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { changesBetween } from './changes.ts'

const items = Array.from({ length: 8 }, (_, id) => ({ id }))
const list = fc.uniqueArray(fc.constantFrom(...items))

test('for any two lists: what one has and the other has not', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const { gone, come } = changesBetween(before, after)
      expect(gone).toEqual(before.filter((item) => !after.includes(item)))
      expect(come).toEqual(after.filter((item) => !before.includes(item)))
    }),
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createView } from '../../../../src/intel/taxii/view.ts'
import { aServed } from '../../../support/sharing/served.ts'

describe('a view', () => {
  it('for any additions, limit and time: is the newest version of the latest objects, in the order of additions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: -1, max: 61 }),
        (names, most, after) => {
          const view = createView(most)
          const added = names.map((name, at) => aServed({ id: `id-${name}`, addedUs: at }))
          added.forEach(view.add)
          // From the newest back: the first of each id, as many as are kept.
          const kept: typeof added = []
          for (const object of added.toReversed())
            if (kept.length < most && kept.every(({ id }) => id !== object.id)) kept.unshift(object)
          expect([...view.addedAfter(after)]).toEqual(kept.filter(({ addedUs }) => addedUs > after))
          expect(view.size()).toBe(kept.length)
          for (const name of names)
            expect(view.get(`id-${name}`)).toBe(kept.find(({ id }) => id === `id-${name}`))
        },
      ),
    )
  })
})

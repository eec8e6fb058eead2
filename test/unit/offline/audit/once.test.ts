import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Audit } from '../../../../src/domain/audit.ts'
import { onceEach } from '../../../../src/offline/audit/once.ts'
import { anAudit } from '../../../support/audited.ts'

const audit = (
  sourceOffset: number,
  features: readonly number[],
  paymentId = `pay-${sourceOffset}`,
): Audit => ({
  ...anAudit(paymentId, 'm/1', { probability: 0.1, outcome: 'ALLOW' }, {}, features),
  sourceOffset,
})

const once = async (audits: readonly Audit[], atMost?: number): Promise<readonly Audit[]> => {
  async function* given() {
    yield* audits
  }
  const kept: Audit[] = []
  for await (const each of onceEach(given(), atMost)) kept.push(each)
  return kept
}

describe('each decision once', () => {
  const [row, again, without] = [audit(1, [1]), audit(1, [2]), audit(1, [])]

  it('the first with a row of features counts, wherever it stands', async () => {
    expect(await once([row, again, without])).toEqual([row])
    expect(await once([without, without, row, without])).toEqual([row])
  })

  it('one without a row counts where no other comes', async () => {
    expect(await once([without, audit(2, [1]), without])).toEqual([audit(2, [1]), without])
  })

  it('a payment decided again under another record is another decision', async () => {
    const later = audit(9, [1], 'pay-1')
    expect(await once([row, later])).toEqual([row, later])
  })

  it('remembers so many and no more: of what is forgotten nothing is lost', async () => {
    const many = [audit(1, []), audit(2, [1]), audit(3, [1]), audit(4, [1])]
    expect(await once(many, 2)).toEqual([audit(2, [1]), audit(3, [1]), audit(1, []), audit(4, [1])])
    expect(await once([row, audit(2, [1]), row], 2)).toEqual([row, audit(2, [1])])
    expect(await once([row, audit(2, [1]), audit(3, [1]), row], 2)).toHaveLength(4)
  })

  it('property: what comes again within that distance is given once, and with its row if there is one', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ offset: fc.nat(5), hasRow: fc.boolean() }), { maxLength: 30 }),
        async (given) => {
          const kept = await once(
            given.map(({ offset, hasRow }) => audit(offset, hasRow ? [1] : [])),
            6,
          )
          const expected = [...new Set(given.map(({ offset }) => offset))].toSorted((a, b) => a - b)
          expect(kept.map(({ sourceOffset }) => sourceOffset).toSorted((a, b) => a - b)).toEqual(expected)
          for (const { sourceOffset, features } of kept)
            expect(features.length > 0).toBe(
              given.some(({ offset, hasRow }) => offset === sourceOffset && hasRow),
            )
        },
      ),
    ))
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf } from '../../../../src/intel/cases/chain.ts'
import { verifyChain } from '../../../../src/intel/cases/verify.ts'
import { anyChain, chainOf, entryCodec, restored } from '../../../support/sharing/chains.ts'

const notes = ['one', 'two', 'three', 'four']

describe('verifying the chain', () => {
  it('finds nothing in a whole one, and names its head', () => {
    const chain = chainOf(notes)
    expect(verifyChain(chain)).toEqual({
      entries: 5,
      faults: [],
      head: { sequence: 5, hash: chain[4]!.statedHash },
    })
    expect(verifyChain([])).toMatchObject({ entries: 0, faults: [], head: { sequence: 0 } })
  })

  it('names an entry that was changed, also where its own hash was changed with it', () => {
    const chain = chainOf(notes)
    const forged = entryCodec.encode({ ...chain[2]!.entry!, note: 'TWO' })
    const plain = chain.with(2, restored(chain[2]!, forged))
    expect(verifyChain(plain).faults).toMatchObject([{ kind: 'changed', sequence: 3, offset: 2 }])
    const clever = chain.with(2, restored(chain[2]!, forged, hashOf(forged)))
    expect(verifyChain(clever).faults).toMatchObject([{ kind: 'changed', sequence: 3, offset: 2 }])
  })

  it('names what is missing in the middle and at the beginning; at the end only a kept head tells', () => {
    const chain = chainOf(notes)
    expect(verifyChain(chain.toSpliced(1, 2)).faults).toMatchObject([
      { kind: 'missing', sequence: 2, detail: 'entries 2 to 3 are missing' },
    ])
    expect(verifyChain(chain.slice(1)).faults).toMatchObject([{ kind: 'missing', sequence: 1 }])
    const cut = chain.slice(0, -1)
    const { head } = verifyChain(chain)
    expect(verifyChain(cut).faults).toEqual([])
    expect(verifyChain(cut, head).faults).toMatchObject([{ kind: 'unanchored', sequence: 5 }])
    expect(verifyChain(chain, verifyChain(cut).head).faults).toEqual([])
  })

  it('names an entry that was inserted, and not the one whose number it took', () => {
    const chain = chainOf(notes)
    const bytes = entryCodec.encode({ ...chain[2]!.entry!, note: 'never written' })
    const inserted = restored({ ...chain[2]!, offset: 90 }, bytes, hashOf(bytes))
    expect(verifyChain(chain.toSpliced(2, 0, inserted)).faults).toMatchObject([
      { kind: 'inserted', sequence: 3, offset: 90 },
    ])
    const rubbish = restored({ ...chain[0]!, offset: 91 }, Buffer.from('rubbish'))
    expect(verifyChain([...chain, rubbish]).faults).toMatchObject([{ kind: 'unreadable', offset: 91 }])
  })

  it('finds any byte that is changed in any chain, and blames no entry before it', () => {
    fc.assert(
      fc.property(
        anyChain(1),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (chain, which, where, mask) => {
          const index = which % chain.length
          const bytes = Buffer.from(chain[index]!.bytes)
          bytes[where % bytes.length] = bytes[where % bytes.length]! ^ mask
          const { faults } = verifyChain(chain.with(index, restored(chain[index]!, bytes)))
          expect(faults.length).toBeGreaterThan(0)
          expect(faults.some(({ offset }) => offset === index)).toBe(true)
          expect(faults.every(({ offset }) => offset === null || offset === index)).toBe(true)
        },
      ),
    )
  })

  it('finds any entry that is missing before the last, and any that is there twice', () => {
    fc.assert(
      fc.property(anyChain(2), fc.nat(), (chain, which) => {
        const index = which % (chain.length - 1)
        expect(verifyChain(chain.toSpliced(index, 1)).faults).toMatchObject([
          { kind: 'missing', sequence: index + 1 },
        ])
        const twice = chain.toSpliced(index, 0, { ...chain[index]!, offset: 99 })
        expect(verifyChain(twice).faults).toMatchObject([{ kind: 'inserted', sequence: index + 1 }])
      }),
    )
  })
})

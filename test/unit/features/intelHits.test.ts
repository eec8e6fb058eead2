import { describe, expect, it } from 'vitest'
import type { Intelligence, Listing } from '../../../src/domain/intelligence.ts'
import { compileIntelHits } from '../../../src/features/intelHits.ts'
import { aPayment } from '../../support/payments.ts'

const listing: Listing = {
  id: 'indicator--1',
  source: 'a feed',
  confidence: 70,
  modifiedAt: 5,
  tlp: 'GREEN',
}

/** Counts how often it is asked. */
const listingAll = (found: Listing): Intelligence & { asked: number } => {
  const intelligence = {
    asked: 0,
    find: () => {
      intelligence.asked++
      return found
    },
  }
  return intelligence
}

const hits = (names: readonly string[], row: readonly number[], found = listing) => {
  const intelligence = listingAll(found)
  const find = compileIntelHits(new Map(names.map((name, i) => [name, i])), intelligence)
  return { hits: find(aPayment(), 9, Float64Array.from(row)), asked: intelligence.asked }
}

const hit = {
  subject: 'payee',
  indicatorId: 'indicator--1',
  source: 'a feed',
  confidence: 70,
  modifiedAt: 5,
  tlp: 'GREEN',
}

describe('the indicators behind a row', () => {
  it('are looked up for what the row says is listed, and only for that', () => {
    expect(hits(['intel.ip', 'intel.payee'], [0, 1])).toEqual({ hits: [hit], asked: 1 })
    expect(hits(['intel.ip', 'intel.payee'], [NaN, 0])).toEqual({ hits: [], asked: 0 })
  })

  it('are found by the age of an indicator where nothing else is asked for', () => {
    expect(hits(['intel.payee.age'], [3]).hits).toEqual([hit])
    expect(hits(['intel.payee.age'], [NaN])).toEqual({ hits: [], asked: 0 })
  })

  it('do not say who says so where that is for recipients only, or looks like a card number', () => {
    expect(hits(['intel.payee'], [1], { ...listing, tlp: 'RED' }).hits[0]).toMatchObject({ source: '' })
    expect(hits(['intel.payee'], [1], { ...listing, source: '4111111111111111' }).hits[0]?.source).toBe('')
  })

  it('state no confidence where the indicator does not', () => {
    expect(hits(['intel.payee'], [1], { ...listing, confidence: NaN }).hits[0]?.confidence).toBeNull()
  })

  it('are none without intelligence', () => {
    expect(compileIntelHits(new Map([['intel.payee', 0]]), null)(aPayment(), 9, Float64Array.of(1))).toEqual(
      [],
    )
  })
})

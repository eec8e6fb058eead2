import { describe, expect, it } from 'vitest'
import { check, type Answered } from '../../support/checker.ts'

const sent = (paymentId: string, attempt = 1) => ({ paymentId, attempt })
const answered = (paymentId: string, content: string, over: Partial<Answered> = {}): Answered => ({
  paymentId,
  attempt: 1,
  bytes: Buffer.from(content),
  degraded: [],
  ...over,
})

describe('what a switch got for what it sent', () => {
  it('finds nothing wrong where each payment has one answer', () => {
    expect(check([sent('a'), sent('b')], [answered('b', 'x'), answered('a', 'y')])).toEqual({
      sent: 2,
      decided: 2,
      missing: [],
      conflicting: [],
      duplicates: 0,
      degraded: 0,
    })
  })

  it('tells missing, conflicting, duplicate and degraded answers apart', () => {
    const answers = [
      answered('twice', 'x'),
      answered('twice', 'x'),
      answered('two minds', 'x', { degraded: ['history.account'] }),
      answered('two minds', 'y'),
      answered('never sent', 'x'),
    ]
    expect(check([sent('twice'), sent('two minds'), sent('silence')], answers)).toEqual({
      sent: 3,
      decided: 2,
      missing: ['silence 1'],
      conflicting: ['two minds 1'],
      duplicates: 1,
      degraded: 1,
    })
  })

  it('takes another attempt for another payment, and a payment sent twice for one', () => {
    const answers = [answered('a', 'x'), answered('a', 'y', { attempt: 2 })]
    expect(check([sent('a'), sent('a'), sent('a', 2)], answers)).toMatchObject({
      sent: 2,
      decided: 2,
      conflicting: [],
      duplicates: 0,
    })
  })
})

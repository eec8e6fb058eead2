import { entityToken, entityTypes } from '../../src/domain/entity.ts'
import type { Payment } from '../../src/domain/payment.ts'

/**
 * The payments in their order, cut so that no entity is twice in a part: whoever waits for the answers to each part
 * knows what a payment sees of those before it, their outcomes too.
 */
export const apart = (payments: readonly Payment[], most: number): readonly (readonly Payment[])[] => {
  const parts: Payment[][] = []
  let part: Payment[] = []
  let met = new Set<string>()
  for (const payment of payments) {
    const ids = entityTypes.flatMap((type) => {
      const token = entityToken[type](payment)
      return token === null ? [] : [`${type} ${token}`]
    })
    if (part.length === most || ids.some((id) => met.has(id))) {
      parts.push(part)
      part = []
      met = new Set()
    }
    part.push(payment)
    for (const id of ids) met.add(id)
  }
  return part.length === 0 ? parts : [...parts, part]
}

import type { Network } from '../address.ts'

type Hash64 = { readonly low: number; readonly high: number }

const mixed = (state: number, word: number): number => {
  const once = Math.imul(state ^ word, 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

/**
 * 64 bits of an address or network, a twentieth of the cost of a keyed hash of its text. With the key unknown nobody can
 * choose addresses that share a place; and the low half of two IPv4 addresses is never the same (each step is a bijection),
 * so no number of them makes one place long. The mixing constants are those of MurmurHash3's finalizer (A. Appleby).
 * @param key secret
 */
export const createNetworkHash =
  (key: Hash64) =>
  ({ words, prefix }: Network): Hash64 => {
    let low = mixed(key.low, prefix)
    let high = mixed(key.high, prefix)
    for (const word of words) {
      low = mixed(low, word)
      high = mixed(high, word ^ low)
    }
    return { low: low >>> 0, high: high >>> 0 }
  }

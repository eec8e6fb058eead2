const seed = 0x9747b28c
const mix = 0x5bd1e995

/**
 * Kafka's hash of a record key, a signed 32-bit integer.
 * `Utils.murmur2` of Apache Kafka's Java clients, which all its default partitioners agree on.
 */
export const murmur2 = (key: Uint8Array): number => {
  const { length } = key
  const whole = length & ~3
  let hash = seed ^ length
  for (let at = 0; at < whole; at += 4) {
    const word = key[at]! | (key[at + 1]! << 8) | (key[at + 2]! << 16) | (key[at + 3]! << 24)
    const mixed = Math.imul(word, mix)
    hash = Math.imul(hash, mix) ^ Math.imul(mixed ^ (mixed >>> 24), mix)
  }
  if (whole < length) {
    for (let at = length - 1; at >= whole; at--) hash ^= key[at]! << (8 * (at - whole))
    hash = Math.imul(hash, mix)
  }
  hash = Math.imul(hash ^ (hash >>> 13), mix)
  return hash ^ (hash >>> 15)
}

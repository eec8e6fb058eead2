const frameBytes = 10

/**
 * The first field of a record in Avro's single-object encoding, where it is a text: the paymentId of a payment and
 * of a decision alike, so that the relay's and Sluice's answers are told apart at the same small cost.
 */
export const firstText = (bytes: Buffer): string => {
  let at = frameBytes
  let zigzag = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0
    zigzag |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return bytes.toString('utf8', at, at + (zigzag >>> 1))
}

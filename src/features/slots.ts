import { shardCount } from './keys.ts'

export const slotCount = 16_384

const polynomial = 0x1021

/** CRC-16/XMODEM, as Redis Cluster specifies for hash tags. */
const crc16 = (text: string): number => {
  let crc = 0
  for (const byte of Buffer.from(text, 'latin1')) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++)
      crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ polynomial) & 0xffff
  }
  return crc
}

/** Of each shard the slot of a Redis Cluster that its keys are in. */
export const slotOfShard: readonly number[] = Array.from(
  { length: shardCount },
  (_, shard) => crc16(`s${shard}`) % slotCount,
)

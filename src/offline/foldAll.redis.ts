import type { Redis } from 'ioredis'
import type { FoldOptions } from '../features/fold.ts'
import { createFoldLog } from '../features/folding.redis.ts'
import { keyVersion } from '../features/keys.ts'
import { paymentRecordBytes } from '../features/record.ts'

const keysPerScan = 1_000

/**
 * Folds every log that is longer than so many payments: after many were appended at once, as folding beside payments
 * would have done in time. Returns how many were folded. Rejects as Redis does.
 */
export const foldAll = async (redis: Redis, options: FoldOptions, foldAbove: number): Promise<number> => {
  const foldLog = createFoldLog(redis, options)
  let folded = 0
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${keyVersion}:*:[acdipm]:*`, 'COUNT', keysPerScan)
    const lengths = await Promise.all(keys.map((key) => redis.strlen(key)))
    for (const [i, key] of keys.entries())
      if ((lengths[i] ?? 0) > foldAbove * paymentRecordBytes && (await foldLog(key)) !== null) folded++
    cursor = next
  } while (cursor !== '0')
  return folded
}

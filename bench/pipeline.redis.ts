import type { ChainableCommander } from 'ioredis'

/** The replies in the order of the commands; the first error of one rejects. */
export const replies = async (pipeline: ChainableCommander): Promise<readonly unknown[]> =>
  ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error !== null) throw error
    return reply
  })

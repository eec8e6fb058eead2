import { within } from '../within.ts'

/** Beyond the time in which a broker that died is noticed, and what it left open is ended. */
const takeOverMs = 15_000

/** kafkajs joins the group again after an error of this type: whether the partition is still ours is asked anew. */
export const rejoin = (cause: Error): Error =>
  Object.assign(new Error('a partition is given up and the group joined again', { cause }), {
    type: 'REBALANCE_IN_PROGRESS',
  })

/**
 * A worker that waits for ever keeps its instance from joining the group again, and so its partitions from everybody:
 * what does not end is given up with the partition.
 */
export const orRejoin = async (taking: Promise<number | null>): Promise<number | null> => {
  const goOnFrom = await within(taking, takeOverMs)
  if (goOnFrom !== 'late') return goOnFrom
  throw rejoin(new Error(`a partition was not taken over within ${takeOverMs} ms`))
}

import type { HistoriesEvent } from '../features/histories.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'

/** Makes numbers of what the histories tell, and a log line of what somebody should look at. */
export const countHistories = (metrics: Metrics, log: Log) => {
  let waiting = 0
  const setWaiting = (records: number): void => {
    waiting = Math.max(0, records)
    metrics.setAppendsQueued(waiting)
  }
  return (event: HistoriesEvent, count: number): void => {
    switch (event) {
      case 'logs_read_whole':
      case 'logs_read_beyond':
        return metrics.countCopyMisses(count)
      case 'logs_read_again':
        return metrics.countSecondTrip()
      case 'logs_folded':
        return metrics.countFolds(count)
      case 'folds_failed':
        return log.warn({ count }, 'a long history was not folded; it is tried again')
      case 'records_missed':
        return setWaiting(waiting + count)
      case 'records_caught_up':
        return setWaiting(waiting - count)
      case 'records_lost':
        metrics.countAppendsDropped(count)
        return log.error(
          { count },
          'history records were lost; what they touch is not known until it is covered again',
        )
      case 'logs_unreadable':
      case 'devices_unreadable':
        return log.error({ event, count }, 'Redis holds something that cannot be read')
      case 'shards_changed':
        return log.debug({ event, count }, 'copies of histories were dropped')
    }
  }
}

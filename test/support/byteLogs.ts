import type { Appends } from '../../src/features/appends.ts'
import { createHistory } from '../../src/features/history.ts'
import type { LogStore } from '../../src/features/logStore.ts'

/** Logs as bytes, read from their beginning each time; `logs` may be folded in place. */
export const createByteLogs = (
  coveredSince: number,
): LogStore & { readonly logs: Map<string, Uint8Array> } => {
  const logs = new Map<string, Uint8Array>()
  const bytesOf = (key: string): Uint8Array => logs.get(key) ?? new Uint8Array(0)
  const append = ({ touched, records, recordBytes }: Appends): void => {
    for (const { entity, records: some } of touched) {
      const added = some.map((record) => records.subarray(record * recordBytes, (record + 1) * recordBytes))
      logs.set(entity.key, Buffer.concat([bytesOf(entity.key), ...added]))
    }
  }
  return {
    logs,
    recall: (appends, _, before) => {
      for (const each of [...before, appends]) append(each)
      const histories = appends.touched.map(({ entity }) => createHistory(bytesOf(entity.key)))
      const history = (place: number) => histories[place] ?? 'unknown'
      return Promise.resolve({
        answered: true,
        value: { history, coveredSince: () => coveredSince, device: () => null },
      })
    },
    append: (appends) => Promise.resolve(append(appends)),
    tryAppend: (appends) => {
      append(appends)
      return Promise.resolve(true)
    },
    close: () => Promise.resolve(),
  }
}

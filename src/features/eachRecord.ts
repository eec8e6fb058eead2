import { recordLength } from './logReader.ts'

/** Calls `use` with each record of a log that can be read: where it begins and ends, and its kind. */
export const eachRecord = (view: DataView, use: (from: number, to: number, kind: number) => void): void => {
  for (let from = 0; from < view.byteLength;) {
    const to = from + recordLength(view, from)
    use(from, to, view.getUint8(from) >>> 4)
    from = to
  }
}

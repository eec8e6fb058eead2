import type { Network } from './backend.ts'
import type { Pin } from './pin.ts'

/** Fills one row of the network's input. */
export type WriteRow = (row: number, into: Float32Array, offset: number) => void

/** Runs any number of rows in calls of the shapes that the pin allows. */
export type Runner = (rows: number, write: WriteRow) => Float64Array

/** Most rows in one call where the pin names no shapes: bounds the buffer, large enough to cost nothing. */
const unpinnedRows = 512

/** The smallest allowed shape that holds `rows`; the largest if none does. */
const shapeFor = (rows: number, shapes: readonly number[]): number =>
  shapes.find((shape) => shape >= rows) ?? shapes.at(-1) ?? rows

export const createRunner = (network: Network, columns: number, pin: Pin): Runner => {
  const mostRows = pin.batchShapes.at(-1) ?? unpinnedRows
  const buffer = new Float32Array(mostRows * columns)

  return (rows, write) => {
    const outputs = new Float64Array(rows)
    for (let from = 0; from < rows; from += mostRows) {
      const count = Math.min(mostRows, rows - from)
      const shape = shapeFor(count, pin.batchShapes)
      for (let at = 0; at < count; at++) write(from + at, buffer, at * columns)
      buffer.fill(0, count * columns, shape * columns)
      outputs.set(network.predict(buffer, shape, columns).subarray(0, count), from)
    }
    return outputs
  }
}

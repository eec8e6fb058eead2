/**
 * Rows of numbers in one flat array, a stride apart. Many histories are held at once: an object for each row would be
 * most of what a collection of garbage walks through.
 */
export type Rows = { count: number; cells: Float64Array }

const noCells = new Float64Array(0)

export const noRows = (): Rows => ({ count: 0, cells: noCells })

/** Index of the first cell of one more row; its cells are to be filled in. */
export const addRow = (rows: Rows, stride: number): number => {
  const at = rows.count * stride
  if (at === rows.cells.length) {
    const grown = new Float64Array(Math.max(4, rows.count * 2) * stride)
    grown.set(rows.cells)
    rows.cells = grown
  }
  rows.count++
  return at
}

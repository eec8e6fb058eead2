/** Columns of numbers, in blocks: growing moves nothing. */
export type Column = { get(row: number): number; set(row: number, value: number): void }

type Numbers = Uint8Array | Uint32Array | Float64Array

const blockBits = 14
const blockRows = 1 << blockBits

/** Hands out the numbers of rows; what was freed is used again first. */
export type Rows = {
  take(): number
  free(row: number): void
  readonly used: number
  column(make: (length: number) => Numbers): Column
  /** Memory of all columns. */
  readonly bytes: number
}

export const createRows = (): Rows => {
  const columns: { readonly blocks: Numbers[]; readonly make: (length: number) => Numbers }[] = []
  const freed: number[] = []
  let next = 0
  const grow = (): void => {
    for (const { blocks, make } of columns) blocks.push(make(blockRows))
  }
  return {
    take: () => {
      const again = freed.pop()
      if (again !== undefined) return again
      if ((next & (blockRows - 1)) === 0) grow()
      return next++
    },
    free: (row) => void freed.push(row),
    get used() {
      return next - freed.length
    },
    column: (make) => {
      const blocks: Numbers[] = []
      columns.push({ blocks, make })
      return {
        get: (row) => blocks[row >>> blockBits]?.[row & (blockRows - 1)] ?? 0,
        set: (row, value) => {
          const block = blocks[row >>> blockBits]
          if (block !== undefined) block[row & (blockRows - 1)] = value
        },
      }
    },
    get bytes() {
      return columns.reduce(
        (sum, { blocks }) => sum + blocks.reduce((all, each) => all + each.byteLength, 0),
        0,
      )
    },
  }
}

export const words32 = (length: number): Uint32Array => new Uint32Array(length)
export const bytes8 = (length: number): Uint8Array => new Uint8Array(length)
export const doubles = (length: number): Float64Array => new Float64Array(length)

/** Columns of numbers, in blocks: growing moves nothing. */
export type Column = { get(row: number): number; set(row: number, value: number): void }

/** Numbers of a row that are read together lie together: one line of the processor's cache instead of several. */
export type Fields = {
  get(row: number, field: number): number
  set(row: number, field: number, value: number): void
}

type Numbers = Uint8Array | Uint32Array | Float64Array

const blockBits = 14
const blockRows = 1 << blockBits

/** Hands out the numbers of rows; what was freed is used again first. */
export type Rows = {
  take(): number
  free(row: number): void
  readonly used: number
  /** One more than the highest row that was ever handed out. */
  readonly end: number
  column(make: (length: number) => Numbers): Column
  /** @param width how many of a row */
  fields(make: (length: number) => Numbers, width: number): Fields
  /** Memory of all columns. */
  readonly bytes: number
}

export const createRows = (): Rows => {
  const columns: { readonly blocks: Numbers[]; readonly make: () => Numbers }[] = []
  const freed: number[] = []
  let next = 0
  const grow = (): void => {
    for (const { blocks, make } of columns) blocks.push(make())
  }
  return {
    take: () => {
      const again = freed.pop()
      if (again !== undefined) return again
      if ((next & (blockRows - 1)) === 0) grow()
      return next++
    },
    free: (row) => void freed.push(row),
    get end() {
      return next
    },
    get used() {
      return next - freed.length
    },
    column: (make) => {
      const blocks: Numbers[] = []
      columns.push({ blocks, make: () => make(blockRows) })
      return {
        get: (row) => blocks[row >>> blockBits]?.[row & (blockRows - 1)] ?? 0,
        set: (row, value) => {
          const block = blocks[row >>> blockBits]
          if (block !== undefined) block[row & (blockRows - 1)] = value
        },
      }
    },
    fields: (make, width) => {
      const blocks: Numbers[] = []
      columns.push({ blocks, make: () => make(blockRows * width) })
      return {
        get: (row, field) => blocks[row >>> blockBits]?.[(row & (blockRows - 1)) * width + field] ?? 0,
        set: (row, field, value) => {
          const block = blocks[row >>> blockBits]
          if (block !== undefined) block[(row & (blockRows - 1)) * width + field] = value
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

/** Where the demo tells how it goes. */
export type Screen = {
  readonly line: (text: string) => void
  /** Lines that take the place of the ones drawn before; the last ones stay. Nothing where nobody watches. */
  readonly draw: (lines: readonly string[]) => void
  /** What is drawn stays as it is. */
  readonly settle: () => void
  readonly isTerminal: boolean
}

export type ScreenOutput = {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

const clearToEnd = '\u001b[J'
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`)

export const createScreen = (output: ScreenOutput): Screen => {
  const isTerminal = output.isTTY === true
  let drawn = 0
  const wipe = (): string => (drawn === 0 ? '' : `${up(drawn)}\r${clearToEnd}`)
  return {
    isTerminal,
    line: (text) => {
      const before = wipe()
      drawn = 0
      output.write(`${before}${text}\n`)
    },
    draw: (lines) => {
      if (!isTerminal) return
      // A line that wraps would be two, and the next drawing one too low.
      const fitting = lines.map((line) => line.slice(0, (output.columns ?? 120) - 1))
      output.write(`${wipe()}${fitting.map((line) => `${line}\n`).join('')}`)
      drawn = fitting.length
    },
    settle: () => {
      drawn = 0
    },
  }
}

/** How far a long work has come, of how much; a line that is drawn again on a terminal, now and then a plain one elsewhere. */
export type ProgressBar = {
  /** @param total null where it is not known */
  readonly at: (what: string, done: number, total: number | null) => void
  readonly end: () => void
}

export type ProgressBarDeps = {
  readonly terminal: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
}

const drawnEveryMs = 250
const printedEveryMs = 10_000
const cells = 24

const number = (count: number): string => Math.round(count).toLocaleString('en')

const drawn = (share: number): string => {
  const full = Math.round(share * cells)
  return `[${'#'.repeat(full)}${'.'.repeat(cells - full)}] ${Math.floor(share * 100)} %`
}

const toGo = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`

/** What stands in the line after so many seconds. */
export const progressLine = (
  what: string,
  done: number,
  total: number | null,
  seconds: number,
  withBar: boolean,
): string => {
  const perSecond = done / Math.max(seconds, 0.001)
  if (total === null) return `${number(done)} ${what}, ${number(perSecond)}/s`
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const left = perSecond > 0 ? `, ${toGo(Math.max(0, total - done) / perSecond)} to go` : ''
  return `${withBar ? drawn(share) : `${Math.floor(share * 100)} %`}  ${number(done)} of ${number(total)} ${what}, ${number(perSecond)}/s${left}`
}

export const createProgressBar = ({ terminal, monotonic }: ProgressBarDeps): ProgressBar => {
  const isTerminal = terminal.isTTY
  let startedAt = monotonic()
  let shownAt = -Infinity
  let shownWhat = ''
  return {
    at: (what, done, total) => {
      const now = monotonic()
      if (what !== shownWhat) {
        startedAt = shownWhat === '' ? startedAt : now
        shownWhat = what
        shownAt = isTerminal ? -Infinity : now
      }
      if (now - shownAt < (isTerminal ? drawnEveryMs : printedEveryMs)) return
      shownAt = now
      const line = progressLine(what, done, total, (now - startedAt) / 1000, isTerminal)
      terminal.write(isTerminal ? `\r${line}\u001b[K` : `${line}\n`)
    },
    end: () => {
      if (isTerminal) terminal.write('\r\u001b[K')
    },
  }
}

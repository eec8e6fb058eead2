/** A line that tells how far a long work has come; nothing at all where nobody watches. */
export type Progress = {
  readonly at: (count: number) => void
  readonly end: () => void
}

const everyMs = 250

export const createProgress = (what: string, terminal: NodeJS.WriteStream = process.stderr): Progress => {
  if (!terminal.isTTY) return { at: () => undefined, end: () => undefined }
  const startedAt = performance.now()
  let shownAt = startedAt
  const show = (count: number): void => {
    const now = performance.now()
    if (now - shownAt < everyMs) return
    shownAt = now
    const perSecond = Math.round((count * 1000) / (now - startedAt))
    terminal.write(`\r${count.toLocaleString('en')} ${what}, ${perSecond.toLocaleString('en')}/s\u001b[K`)
  }
  return {
    at: (count) => {
      // Asking for the time costs more than most of what is counted.
      if (count % 256 === 0) show(count)
    },
    end: () => void terminal.write('\r\u001b[K'),
  }
}

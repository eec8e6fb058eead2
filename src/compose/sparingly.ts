/**
 * For what may happen with every micro-batch and is worth a line now and then.
 * @param monotonic milliseconds that never step back
 * @returns calls `say` at once, and then no more than once in `everyMs`, with how many times it was not called
 */
export const createSparingly = (
  everyMs: number,
  monotonic: () => number,
): ((say: (leftOut: number) => void) => void) => {
  let saidAt = -Infinity
  let leftOut = 0
  return (say) => {
    const now = monotonic()
    if (now - saidAt < everyMs) {
      leftOut++
      return
    }
    saidAt = now
    say(leftOut)
    leftOut = 0
  }
}

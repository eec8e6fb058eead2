const leastMs = 1_000
const mostMs = 300_000

/**
 * So long a client waits before it asks again, milliseconds.
 * @param failures in a row, this one included
 * @param retryAfter the server's header: seconds, or a date; null: it said nothing
 * @param now epoch ms
 */
export const backOffMs = (failures: number, retryAfter: string | null, now: number): number => {
  const asked = retryAfter === null ? NaN : askedMs(retryAfter.trim(), now)
  const own = Math.min(mostMs, leastMs * 2 ** Math.min(failures - 1, 16))
  // Nobody else's word makes it stop for good, nor ask without a rest.
  return Number.isNaN(asked) ? own : Math.min(mostMs, Math.max(leastMs, asked))
}

const askedMs = (text: string, now: number): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const date = Date.parse(text)
  return Number.isNaN(date) ? NaN : date - now
}

/** With a zone: a time without one would mean another instant on another machine. A date alone is midnight in UTC. */
const iso8601 = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/

/** Epoch milliseconds of such a number or of an ISO 8601 date or time; undefined for a text that names no instant. */
export const parseInstant = (text: string): number | undefined => {
  if (/^\d+$/.test(text)) return Number(text)
  const at = iso8601.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

import type { Message } from './record.ts'

/** Milliseconds since 1970. A timestamp that cannot be read here is NaN, and so is the delta of its message. */
export type Times = { readonly now: number; readonly first: number; readonly max: number }

/** Fewer digits than a number could lose one of. */
const readable = /^\d{1,15}$/

const read = (timestamp: string): number => (readable.test(timestamp) ? Number(timestamp) : NaN)

/**
 * The first and the greatest timestamp as kafkajs finds them: by order of their text, among the messages that have
 * one. The others are of `now`.
 */
export const timesOf = (messages: readonly Message[], now: number): Times => {
  let first: string | undefined
  let max: string | undefined
  for (const { timestamp } of messages) {
    if (timestamp === undefined || timestamp === null) continue
    if (typeof timestamp !== 'string') return { now, first: NaN, max: NaN }
    if (first === undefined || timestamp < first) first = timestamp
    if (max === undefined || timestamp > max) max = timestamp
  }
  if (first === undefined || max === undefined) return { now, first: now, max: now }
  return { now, first: read(first), max: read(max) }
}

export const timestampDelta = ({ timestamp }: Message, { now, first }: Times): number =>
  (timestamp === undefined || timestamp === null ? now : read(timestamp)) - first

import { Transform, type Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Toxic } from './toxic.ts'

export type Lane = {
  readonly from: Readable
  readonly to: Writable
  /** Asked for each piece of bytes, so that a change is felt at once. */
  readonly toxic: () => Toxic
  /** There is a hole in the stream from now on: the connection must not be healed. */
  readonly onSwallowed: () => void
  /** A piece of bytes is about to be handed on; false keeps it back. */
  readonly mayPass: () => boolean
}

type Arrived = { readonly bytes: Buffer; readonly dueAt: number }

/** Pieces under way at most, each of one read of a socket (64 KiB at most): beyond, the sender is held back by TCP. */
const underWayAtMost = 128
const sliceMs = 20

const waitUntil = async (at: number): Promise<void> => {
  const left = at - performance.now()
  if (left > 0) await delay(left)
}

/** Resolves when the sender has ended and the last byte was handed on; rejects when either side breaks. */
export const runLane = ({ from, to, toxic, onSwallowed, mayPass }: Lane): Promise<void> => {
  const stamp = new Transform({
    readableObjectMode: true,
    readableHighWaterMark: underWayAtMost,
    transform: (bytes: Buffer, _encoding, done) => {
      const { latencyMs, jitterMs } = toxic()
      done(null, { bytes, dueAt: performance.now() + latencyMs + Math.random() * jitterMs })
    },
  })
  const deliver = async function* (arrived: AsyncIterable<Arrived>) {
    for await (const { bytes, dueAt } of arrived) {
      await waitUntil(dueAt)
      for (let at = 0; at < bytes.length;) {
        const { bytesPerSecond, swallows } = toxic()
        const length = Math.min(bytes.length - at, Math.ceil((bytesPerSecond * sliceMs) / 1000))
        if (bytesPerSecond !== Infinity) await delay((length / bytesPerSecond) * 1000)
        if (swallows) onSwallowed()
        else if (mayPass()) yield bytes.subarray(at, at + length)
        at += length
      }
    }
  }
  return pipeline(from, stamp, deliver, to)
}

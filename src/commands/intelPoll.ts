import { setTimeout as rest } from 'node:timers/promises'
import { withProducer } from '../compose/intelProducer.kafka.ts'
import { createIntelPublish } from '../compose/publishIntel.kafka.ts'
import { readTaxiiAccess, type TaxiiAccess } from '../compose/taxiiAccess.file.ts'
import type { Settings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { findCollections, readAdded } from '../intel/taxii/collections.http.ts'
import { createTaxiiRequest } from '../intel/taxii/request.http.ts'
import { createPoll, type Polled } from '../offline/intel/poll.ts'
import { readPollState, writePollState } from '../offline/intel/pollState.file.ts'
import { topicNames } from '../stream/topicSpec.ts'
import type { Result } from './result.ts'

export type PollOptions = TaxiiAccess & {
  readonly server: URL
  /** Ids; empty: all that may be read. */
  readonly collections: readonly string[]
  readonly stateFile: string
  /** null: once. */
  readonly everyMs: number | null
  readonly signal: AbortSignal
  readonly onPolled: (polled: readonly Polled[]) => void
  readonly onProblem: (problem: string) => void
}

const pageObjects = 1_000
const answerBytesMax = 33_554_432
const answerWithinMs = 60_000
const retries = 8

const resultOf = (polled: readonly Polled[]): Result => ({
  json: { collections: polled },
  text: polled
    .map(
      ({ collection, published, left }) =>
        `${collection}: ${published} objects published, ${left} left out\n`,
    )
    .join(''),
})

/** Publishes what was added to the collections of a TAXII server, once or for ever. */
export const poll = (options: PollOptions, settings: Settings): Promise<Result> =>
  withProducer(settings, async (producer) => {
    const { server, collections, stateFile, everyMs, signal } = options
    const request = createTaxiiRequest({
      authorization: await readTaxiiAccess(options, server),
      bytesMax: answerBytesMax,
      timeoutMs: answerWithinMs,
      retries,
      rest: (ms) => rest(ms, undefined, { signal }),
      now: Date.now,
      onRetry: (problem, restMs) => options.onProblem(`${problem}; asked again in ${restMs} ms`),
    })
    const once = createPoll({
      collections: async () => {
        const found = await findCollections(request, server)
        const missing = collections.find((id) => !found.some((each) => each.id === id))
        if (missing !== undefined)
          throw new SluiceError('TAXII_FAILED', `TAXII: there is no readable collection ${missing}`)
        return collections.length === 0 ? found : found.filter(({ id }) => collections.includes(id))
      },
      readAdded: (collection, addedAfter) => readAdded(request, collection, addedAfter, pageObjects),
      publish: createIntelPublish(
        producer,
        topicNames(settings.topicPrefix).threatIntel,
        settings.maxMessageBytes,
      ),
      state: () => readPollState(stateFile),
      keep: (state) => writePollState(stateFile, state),
    })
    if (everyMs === null) return resultOf(await once())
    for (;;) {
      try {
        options.onPolled(await once())
      } catch (error) {
        if (signal.aborted) break
        // The server may be back at the next poll; what is wrong with our own side ends this.
        if (!(error instanceof SluiceError) || !error.retriable) throw error
        options.onProblem(error.message)
      }
      await rest(everyMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) break
    }
    return { json: { ended: true }, text: '' }
  })

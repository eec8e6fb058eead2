import type { Producer } from 'kafkajs'
import type { BundleAccount } from '../domain/bundleAccount.ts'
import type { Log } from '../ops/log.ts'
import { acknowledged } from '../stream/acknowledged.kafka.ts'
import { createBundleCodec } from '../stream/codec/bundle.ts'
import type { Schemas } from '../stream/codec/schemas.ts'

export type BundleLogDeps = {
  readonly producer: Pick<Producer, 'send'>
  readonly topic: string
  readonly schemas: Schemas
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Calls once, later; gives what takes that back. */
  readonly later: (call: () => void) => () => void
}

/** Says on the topic `bundles` what has decided, for whoever reads the audit records of it later. */
export type BundleLog = {
  /** Never waits and never fails: what Kafka does not take is sent again until it does. */
  readonly tell: (account: BundleAccount) => void
  readonly close: () => void
}

/** The topic is compacted and its key the bundle's hash: what every instance says again takes no more room. */
export const openBundleLog = ({ producer, topic, schemas, log, now, later }: BundleLogDeps): BundleLog => {
  const codec = createBundleCodec(schemas)
  const waiting = new Map<string, BundleAccount>()
  let isClosed = false
  let takeBack: () => void = () => undefined
  let sending = false

  const sendAll = async (): Promise<void> => {
    if (sending || isClosed) return
    sending = true
    try {
      for (const [bundleHash, account] of waiting) {
        const value = codec.encode({ ...account, publishedAt: now() })
        await acknowledged(
          producer.send({ topic, acks: -1, messages: [{ key: bundleHash, value }] }),
          'the accounts of bundles',
        )
        waiting.delete(bundleHash)
        log.info({ bundle: bundleHash, topic }, 'the account of the bundle is published')
      }
    } catch (error) {
      log.warn({ error, topic }, 'the account of a bundle is not published; audit records wait for it')
      if (!isClosed) takeBack = later(() => void sendAll())
    } finally {
      sending = false
    }
  }

  return {
    tell: (account) => {
      waiting.set(account.bundleHash, account)
      void sendAll()
    },
    close: () => {
      isClosed = true
      takeBack()
    },
  }
}

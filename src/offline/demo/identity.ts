import { randomBytes } from 'node:crypto'
import type { Environment } from './processor.process.ts'

/** What keeps one run of the demo apart from everything else on the same servers. */
export type Identity = {
  readonly topicPrefix: string
  readonly groupId: string
  /** 16 bytes. */
  readonly hashKey: Buffer
  /** For processor and switch; addresses are still missing. */
  readonly environment: Environment
}

/** Keys that are thrown away with the run: nothing that it makes is to be read later. */
export const createIdentity = (): Identity => {
  const run = randomBytes(4).toString('hex')
  const topicPrefix = `sluice-demo-${run}.`
  const groupId = `sluice-demo-${run}`
  const hashKey = randomBytes(16)
  return {
    topicPrefix,
    groupId,
    hashKey,
    environment: {
      SLUICE_TOPIC_PREFIX: topicPrefix,
      SLUICE_GROUP_ID: groupId,
      SLUICE_HASH_KEY: hashKey.toString('hex'),
      SLUICE_HASH_KEY_FILE: '',
      SLUICE_FEEDBACK_KEY: randomBytes(32).toString('hex'),
      SLUICE_FEEDBACK_KEY_FILE: '',
      // The simulated world pays in EUR, and the explanations are made from audit records.
      SLUICE_BASE_CURRENCY: 'EUR',
      SLUICE_RATES_FILE: '',
      SLUICE_AUDIT: 'on',
    },
  }
}

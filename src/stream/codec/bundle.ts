import type { PublishedAccount, ReasonGroup, UsualValue } from '../../domain/bundleAccount.ts'
import { list, record, wrongType, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const mostFeatures = 10_000
const mostGroups = 10_000

/** Text that is a file of ours, of any length that Kafka takes. */
const file: Check<string> = (given) => (typeof given === 'string' ? null : wrongType('a text', given))

const checkUsual: Check<UsualValue> = record<UsualValue>({ name: value.id, usual: value.number })

const checkGroup: Check<ReasonGroup> = record<ReasonGroup>({
  model: value.id,
  code: value.code,
  features: list(checkUsual, mostFeatures),
})

const checkBundle: Check<PublishedAccount> = record<PublishedAccount>({
  bundleHash: value.hash,
  active: file,
  policyText: file,
  featureNames: list(value.id, mostFeatures),
  reasonGroups: list(checkGroup, mostGroups),
  publishedAt: value.moment,
})

/** Whether the parts fit the hash is for the reader to check: the codec looks at their form alone. */
export const createBundleCodec = (schemas: Schemas): Codec<PublishedAccount> =>
  createCodec(schemas, { record: 'Bundle', version: 1 }, checkBundle)

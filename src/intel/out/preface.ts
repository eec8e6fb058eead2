import { extensionId, extensionText } from './extension.ts'
import { stixId } from './stixId.ts'
import { stixTime, type StixObject } from './stixObject.ts'

/** When these definitions were written down: they are the same objects wherever they are made. */
const writtenAt = stixTime(Date.UTC(2026, 0, 1))

export type Preface = {
  readonly identityId: string
  readonly attackPatternId: string
  /** What every other object refers to; to be published before them. */
  readonly objects: readonly StixObject[]
}

/** @param institution the name under which this institution shares */
export const createPreface = (institution: string): Preface => {
  const identityId = stixId('identity', institution)
  const attackPatternId = stixId('attack-pattern', institution, 'payment-fraud')
  const common = { spec_version: '2.1', created: writtenAt, modified: writtenAt } as const
  return {
    identityId,
    attackPatternId,
    objects: [
      {
        type: 'identity',
        ...common,
        id: identityId,
        name: institution,
        identity_class: 'organization',
        sectors: ['financial-services'],
      },
      {
        type: 'extension-definition',
        ...common,
        id: extensionId,
        created_by_ref: identityId,
        name: 'Payment identifier',
        description: 'What identifies a party or an instrument of a payment, as a keyed hash.',
        schema: extensionText,
        version: '1.0.0',
        extension_types: ['new-sco', 'property-extension'],
      },
      {
        type: 'attack-pattern',
        ...common,
        id: attackPatternId,
        created_by_ref: identityId,
        name: 'Payment fraud',
        description: 'A payment that its payer did not want, or was deceived into.',
      },
    ],
  }
}

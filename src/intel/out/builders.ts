import { extensionId, observableType } from './extension.ts'
import type { Identifier, Label } from './label.ts'
import { stixId } from './stixId.ts'
import { stixTime, type StixObject } from './stixObject.ts'

/** Who shares, under which marking, with which key. */
export type Sharer = {
  readonly identityId: string
  readonly attackPatternId: string
  readonly markingRef: string
  readonly keyId: string
}

const hourMs = 3_600_000
/** What was used for fraud may be in other hands later. */
export const validMs = 180 * 24 * hourMs

/** Revoked objects never come back, so what is confirmed again is another one. */
type Round = number

const extended = (properties: Readonly<Record<string, string>>) => ({
  [extensionId]: { extension_type: 'property-extension', ...properties },
})

export const indicatorId = ({ identityId, keyId }: Sharer, { kind, hash }: Identifier, round: Round) =>
  stixId('indicator', identityId, keyId, kind, hash, String(round))

export const sightingId = (indicator: string, paymentRef: string, round: Round) =>
  stixId('sighting', indicator, paymentRef, String(round))

export const relationshipId = (indicator: string) => stixId('relationship', indicator, 'indicates')

export const indicatorOf = (sharer: Sharer, identifier: Identifier, label: Label, id: string): StixObject => {
  const { kind, hash } = identifier
  const { keyId } = sharer
  return {
    type: 'indicator',
    spec_version: '2.1',
    id,
    created_by_ref: sharer.identityId,
    created: stixTime(label.knownAt),
    modified: stixTime(label.knownAt),
    name: `${kind} of a payment that was confirmed as fraud`,
    description: `Whoever shares the key ${keyId} can tell the ${kind} by its keyed hash.`,
    indicator_types: ['malicious-activity'],
    pattern: `[${observableType}:kind = '${kind}' AND ${observableType}:key_id = '${keyId}' AND ${observableType}:hmac_sha256 = '${hash}']`,
    pattern_type: 'stix',
    pattern_version: '2.1',
    valid_from: stixTime(label.knownAt),
    valid_until: stixTime(label.knownAt + validMs),
    confidence: label.confidence,
    object_marking_refs: [sharer.markingRef],
    extensions: extended({ kind, key_id: keyId, hmac_sha256: hash }),
  }
}

/** The hour, not the moment: the moment would tell which payment it was to whoever sees the payee's statement. */
export const sightingOf = (sharer: Sharer, indicator: string, label: Label, id: string): StixObject => ({
  type: 'sighting',
  spec_version: '2.1',
  id,
  created_by_ref: sharer.identityId,
  created: stixTime(label.knownAt),
  modified: stixTime(label.knownAt),
  first_seen: stixTime(label.occurredAt - (label.occurredAt % hourMs)),
  last_seen: stixTime(label.occurredAt - (label.occurredAt % hourMs)),
  count: 1,
  sighting_of_ref: indicator,
  where_sighted_refs: [sharer.identityId],
  confidence: label.confidence,
  object_marking_refs: [sharer.markingRef],
  extensions: extended({ key_id: sharer.keyId, payment_ref: label.paymentRef }),
})

export const relationshipOf = (sharer: Sharer, indicator: string, label: Label): StixObject => ({
  type: 'relationship',
  spec_version: '2.1',
  id: relationshipId(indicator),
  created_by_ref: sharer.identityId,
  created: stixTime(label.knownAt),
  modified: stixTime(label.knownAt),
  relationship_type: 'indicates',
  source_ref: indicator,
  target_ref: sharer.attackPatternId,
  object_marking_refs: [sharer.markingRef],
})

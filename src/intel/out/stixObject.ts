/** Of each STIX object that Sluice makes; what else it has depends on its type. */
export type StixObject = {
  readonly type: string
  readonly spec_version: '2.1'
  readonly id: string
  readonly created: string
  readonly modified: string
  readonly revoked?: true
  readonly object_marking_refs?: readonly string[]
  readonly [property: string]: unknown
}

export const stixTime = (epochMs: number): string => new Date(epochMs).toISOString()
export const epochMs = (stixTimestamp: string): number => Date.parse(stixTimestamp)

/** A later version of an object; STIX wants a later `modified`, whatever the clocks said. */
export const laterVersion = (
  object: StixObject,
  changes: Readonly<Record<string, unknown>>,
  at: number,
): StixObject => ({
  ...object,
  modified: stixTime(Math.max(at, epochMs(object.modified) + 1)),
  ...changes,
})

/** Taken back for good: STIX knows no way back. */
export const revokedVersion = (object: StixObject, at: number): StixObject =>
  laterVersion(object, { revoked: true }, at)

/** Traffic Light Protocol, from what anyone may read on. RED names its readers one by one, so nothing of it is published. */
export const tlpLevels = ['clear', 'green', 'amber'] as const
export type Tlp = (typeof tlpLevels)[number]

/** The marking definitions that STIX 2.1 itself fixes (section 7.2.1.4); it calls CLEAR white. */
const markings = {
  clear: 'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9',
  green: 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da',
  amber: 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82',
} as const satisfies Readonly<Record<Tlp, string>>

export const markingOf = (tlp: Tlp): string => markings[tlp]

const levelOf: ReadonlyMap<string, number> = new Map(tlpLevels.map((tlp, level) => [markings[tlp], level]))

/** Whether one who is cleared up to `tlp` may read what bears these markings. A marking that is not known forbids it. */
export const mayRead = (tlp: Tlp, markingRefs: readonly string[]): boolean =>
  markingRefs.every((ref) => (levelOf.get(ref) ?? Infinity) <= tlpLevels.indexOf(tlp))

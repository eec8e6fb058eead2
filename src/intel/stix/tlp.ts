import { tlps, type Tlp } from '../../domain/intelligence.ts'

/** The marking definitions that the STIX standard fixes: 2.1 section 7.2.1.4 for TLP 1, and OASIS's extension for TLP 2. */
const tlpOfMarking: ReadonlyMap<string, Tlp> = new Map<string, Tlp>([
  ['marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9', 'CLEAR'],
  ['marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da', 'GREEN'],
  ['marking-definition--f88d31f6-486f-44da-b317-01333bde0b82', 'AMBER'],
  ['marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed', 'RED'],
  ['marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487', 'CLEAR'],
  ['marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb', 'GREEN'],
  ['marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421', 'AMBER'],
  ['marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003', 'AMBER_STRICT'],
  ['marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1', 'RED'],
])

/** The strictest of the markings that are TLP; UNMARKED where none is. */
export const tlpOf = (markings: readonly string[]): Tlp => {
  let strictest: Tlp = 'UNMARKED'
  for (const marking of markings) {
    const tlp = tlpOfMarking.get(marking) ?? 'UNMARKED'
    if (tlps.indexOf(tlp) > tlps.indexOf(strictest)) strictest = tlp
  }
  return strictest
}

/** The marking of version 2 for a TLP; null for none. */
export const markingOf = (tlp: Tlp): string | null =>
  [...tlpOfMarking].findLast(([, each]) => each === tlp)?.[0] ?? null

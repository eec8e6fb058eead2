import { markingOf } from '../../../src/intel/out/tlp.ts'
import type { ServedObject } from '../../../src/intel/taxii/view.ts'

export const aServed = (over: Partial<ServedObject> = {}): ServedObject => ({
  id: 'indicator--1',
  type: 'indicator',
  specVersion: '2.1',
  version: '2026-01-05T00:00:00.000Z',
  markingRefs: [markingOf('green')],
  addedUs: 1,
  text: JSON.stringify({ id: over.id ?? 'indicator--1' }),
  ...over,
})

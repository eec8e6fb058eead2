import { markingOf } from '../../../src/intel/out/tlp.ts'
import { microseconds } from '../../../src/intel/taxii/query.ts'
import type { ServedObject } from '../../../src/intel/taxii/view.ts'

export const aServed = ({
  version = '2026-01-05T00:00:00.000Z',
  ...over
}: Partial<Omit<ServedObject, 'versionUs'>> = {}): ServedObject => ({
  id: 'indicator--1',
  type: 'indicator',
  specVersion: '2.1',
  version,
  versionUs: microseconds(version),
  markingRefs: [markingOf('green')],
  addedUs: 1,
  text: JSON.stringify({ id: over.id ?? 'indicator--1' }),
  ...over,
})

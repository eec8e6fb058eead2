import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkIntel, openIntelInMemory } from '../../../../src/offline/intel/checkIntel.ts'
import { readIntelFile } from '../../../../src/offline/intel/readIntel.file.ts'

const folder = join(process.env['SLUICE_DATA'] ?? '../shared/data', 'threat-intel')
const terms = { source: 'test', at: 0, until: Infinity, confidence: NaN, tlp: 'UNMARKED' } as const

test('every published bundle and list is read, and each pattern is compiled or explained', async ({
  skip,
}) => {
  if (!existsSync(folder)) return skip(`${folder} is not there`)
  for (const part of ['stix', 'ip', 'stalkerware'])
    for (const name of readdirSync(join(folder, part))) {
      const file = join(folder, part, name)
      const read = await readIntelFile(file, { terms, as: null })
      const { counts, notCompiled, problems } = checkIntel({ file, ...read }, openIntelInMemory())
      const indicators = read.objects.filter(
        (each) => (each as { type?: string }).type === 'indicator',
      ).length
      const { listed, partly, not_compiled: not, invalid, revoked, stale } = counts
      expect(listed + partly + not + invalid + revoked + stale).toBe(indicators)
      expect(invalid).toBe(0)
      expect(problems).toEqual([])
      expect(notCompiled.every(({ about }) => about.length > 0)).toBe(true)
      expect(notCompiled.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(partly + not)
    }
}, 300_000)

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { manifestSchemaText } from '../../../src/model/manifestSchema.ts'

describe('the published schema of the manifest', () => {
  it('is what the code checks (sluice model schema > models/manifest.schema.json)', () => {
    expect(readFileSync('models/manifest.schema.json', 'utf8')).toBe(manifestSchemaText())
  })
})

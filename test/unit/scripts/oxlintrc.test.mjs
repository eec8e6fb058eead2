import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { oxlintrcText } from '../../../scripts/lint/oxlintrc.mjs'

it('.oxlintrc.json is what "npm run lint:config" writes', async () => {
  expect(readFileSync(new URL('../../../.oxlintrc.json', import.meta.url), 'utf8')).toBe(await oxlintrcText())
})

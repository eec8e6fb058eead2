import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { heapOptions } from '../../../bench/heapOptions.ts'

test('what is measured runs as npm start runs it', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }
  expect(scripts.start).toBe(`node ${heapOptions.join(' ')} dist/main.js run`)
})

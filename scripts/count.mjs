#!/usr/bin/env node
// usage: node scripts/count.mjs RESULTS.json
// Prints "N passed, N failed" from what vitest's JSON reporter wrote; exits 1 unless tests passed and none failed.
import { existsSync, readFileSync } from 'node:fs'

const none = { numPassedTests: 0, numFailedTests: 0, success: false }
const file = process.argv[2]
const {
  numPassedTests: passed,
  numFailedTests,
  success,
} = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : none
// A file that cannot be loaded fails without a test of its own.
const failed = success && passed > 0 ? numFailedTests : Math.max(numFailedTests, 1)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

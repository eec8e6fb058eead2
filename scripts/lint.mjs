#!/usr/bin/env node
// Writes .oxlintrc.json from scripts/lint/: one table of layers, many overrides.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { oxlintrcText } from './lint/oxlintrc.mjs'

writeFileSync(fileURLToPath(new URL('../.oxlintrc.json', import.meta.url)), await oxlintrcText())

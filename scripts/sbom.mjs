#!/usr/bin/env node
// A bill of materials of all that is installed for production and development: CycloneDX, as npm makes it from
// package-lock.json.
//
// usage: node scripts/sbom.mjs [FILE]
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { withoutPlaces } from './sbom/places.mjs'

const { name } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const text = execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
  encoding: 'utf8',
  cwd: new URL('..', import.meta.url),
  maxBuffer: 64 * 1024 * 1024,
})
const bill = `${JSON.stringify(withoutPlaces(JSON.parse(text), name), null, 2)}\n`
const [file] = process.argv.slice(2)
if (file === undefined) process.stdout.write(bill)
else writeFileSync(file, bill)

#!/usr/bin/env node
// node scripts/python.mjs REQUIREMENTS: installs the packages into the cache folder and prints the folder, as in
//   PYTHONPATH=$(node scripts/python.mjs examples/keras/requirements.txt) python3 examples/keras/train.py ...
//
// SLUICE_CACHE  where fetched things are kept (default: sluice in the user's cache folder)
import { resolve } from 'node:path'
import { cacheFolder } from './bootstrap/cache.mjs'
import { installPython } from './bootstrap/python.mjs'

const [requirements] = process.argv.slice(2)
if (requirements === undefined) {
  console.error('usage: node scripts/python.mjs REQUIREMENTS')
  process.exit(2)
}
try {
  console.log(await installPython(resolve(requirements), resolve(cacheFolder())))
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

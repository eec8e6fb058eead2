#!/usr/bin/env node
// node scripts/faketime.mjs: fetches libfaketime from Debian into the cache folder, and prints the file of its library
// for programs with threads. Nothing is installed; a processor that a test starts with it has a clock that can be set.
//
// SLUICE_CACHE  where fetched things are kept (default: sluice in the user's cache folder)
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cacheFolder } from './bootstrap/cache.mjs'
import { requireCommands } from './bootstrap/checks.mjs'
import { run } from './bootstrap/run.mjs'

const libraryIn = (root) => {
  const lib = join(root, 'usr', 'lib')
  if (!existsSync(lib)) return undefined
  return readdirSync(lib)
    .map((architecture) => join(lib, architecture, 'faketime', 'libfaketimeMT.so.1'))
    .find(existsSync)
}

const fetchInto = async (cache) => {
  requireCommands('libfaketime', { 'apt-get': 'apt', 'dpkg-deb': 'dpkg' })
  mkdirSync(cache, { recursive: true })
  const fresh = mkdtempSync(join(cache, 'faketime-'))
  try {
    await run('apt-get', ['download', 'libfaketime'], { cwd: fresh })
    const [archive] = readdirSync(fresh).filter((name) => name.endsWith('.deb'))
    await run('dpkg-deb', ['-x', join(fresh, archive), fresh])
    // Who comes second finds it there.
    if (!existsSync(join(cache, 'faketime'))) renameSync(fresh, join(cache, 'faketime'))
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

try {
  const cache = resolve(cacheFolder())
  const places = ['/', join(cache, 'faketime')]
  const library = () => places.map(libraryIn).find((file) => file !== undefined)
  if (library() === undefined) await fetchInto(cache)
  const found = library()
  if (found === undefined) throw new Error('the package libfaketime holds no libfaketimeMT.so.1')
  console.log(found)
} catch (error) {
  console.error(error.message)
  process.exit(1)
}

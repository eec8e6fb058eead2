import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyFolder } from '../../../scripts/bootstrap/digests.mjs'

// SHA-256 of "abc" and of the empty message: FIPS 180-2, appendix B.1, and its well-known empty case.
const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

describe('verifyFolder', () => {
  let folder
  let jars
  let list
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-digests-'))
    jars = join(folder, 'libs')
    list = join(folder, 'list.sha256')
    mkdirSync(jars)
    writeFileSync(join(jars, 'a.jar'), 'abc')
    writeFileSync(join(jars, 'b.jar'), '')
    writeFileSync(list, `${ofAbc}  a.jar\n${ofNothing}  b.jar\n`)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('accepts what the list says', () => verifyFolder(jars, list))
  it('names a file with other bytes', async () => {
    writeFileSync(join(jars, 'a.jar'), 'abd')
    await expect(verifyFolder(jars, list)).rejects.toThrow(/: a\.jar$/)
  })
  it('names a missing file', async () => {
    rmSync(join(jars, 'b.jar'))
    await expect(verifyFolder(jars, list)).rejects.toThrow(/: b\.jar$/)
  })
  it('names a file that is not on the list', async () => {
    writeFileSync(join(jars, 'c.jar'), '')
    await expect(verifyFolder(jars, list)).rejects.toThrow(/: c\.jar$/)
  })
})

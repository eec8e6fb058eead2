import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

export const sha256OfFile = async (file) => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Throws unless `folder` holds exactly the files that `list` (in the format of sha256sum) names, byte for byte. */
export const verifyFolder = async (folder, list) => {
  const expected = readDigests(list)
  const found = readdirSync(folder)
  const unlisted = found.filter((name) => !expected.has(name))
  const wrong = []
  for (const [name, digest] of expected)
    if (!found.includes(name) || (await sha256OfFile(join(folder, name))) !== digest) wrong.push(name)
  if (wrong.length > 0 || unlisted.length > 0)
    throw new Error(`checksums differ from ${list}: ${[...wrong, ...unlisted].join(', ')}`)
}

/** File name -> SHA-256, from lines as sha256sum prints them. */
export const readDigests = (list) =>
  new Map(
    readFileSync(list, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).reverse()),
  )

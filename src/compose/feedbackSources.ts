import { SluiceError } from '../errors.ts'
import { otherSource } from './feedbackProof.ts'

const linePattern = /^(?<name>[A-Za-z0-9._-]{1,64})\s+(?<key>(?:[0-9A-Fa-f]{2}){32,64})$/
/** So that counters by source stay few. */
const sourcesMax = 64

const refuse = (place: string, expected: string): never => {
  throw new SluiceError('CONFIG_INVALID', `feedback sources${place}: expected ${expected}`)
}

/**
 * Who signs feedback: one a line, the name that the source gives in its records and its key. Lines that begin with #
 * and empty ones are left out. @throws SluiceError CONFIG_INVALID, which never repeats a key
 */
export const parseSources = (text: string): ReadonlyMap<string, Buffer> => {
  const sources = new Map<string, Buffer>()
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const place = `, line ${index + 1}`
    const { name, key } = linePattern.exec(line)?.groups ?? {}
    if (name === undefined || key === undefined)
      return refuse(place, 'a name and a key of 64 to 128 hexadecimal digits')
    if (name === otherSource || sources.has(name)) refuse(place, 'a name that is not taken')
    sources.set(name, Buffer.from(key, 'hex'))
  }
  if (sources.size > sourcesMax) refuse('', `at most ${sourcesMax}`)
  return sources
}

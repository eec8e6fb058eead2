import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Drained } from './runDrain.ts'
import { selfTimes, type CpuProfile } from './profile.ts'

const linesShown = 30

/** The newest profile of a folder; Node writes one for each thread, and the main thread's is by far the largest. */
const mainProfile = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'))
  const files = await Promise.all(
    names.map(async (name) => ({ file: join(folder, name), at: (await stat(join(folder, name))).mtimeMs })),
  )
  const newest = files.toSorted((a, b) => b.at - a.at)[0]
  if (newest === undefined) throw new Error(`no CPU profile in ${folder}`)
  return newest.file
}

/** The functions that took longest, in microseconds of wall time a payment, of the stretch that was measured. */
export const printProfile = async (folder: string, { fromMs, toMs, payments }: Drained): Promise<string> => {
  const profile = JSON.parse(await readFile(await mainProfile(folder), 'utf8')) as CpuProfile
  const lines = selfTimes(profile, fromMs, toMs)
    .slice(0, linesShown)
    .map(({ where, micros }) => `${(micros / payments).toFixed(2).padStart(9)}  ${where}`)
  return ['us a payment, self time', ...lines].join('\n')
}

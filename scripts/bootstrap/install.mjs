import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { withLock } from './lock.mjs'
import { say } from './say.mjs'

/**
 * Makes `folder` by `fill(partial)`: it appears whole or not at all, and once, however many processes want it.
 * Does nothing when it is there.
 */
export const installFolder = async (folder, fill) => {
  if (existsSync(folder)) return
  await locked(folder, async () => {
    if (existsSync(folder)) return
    const partial = `${folder}.partial`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    await fill(partial)
    mkdirSync(dirname(folder), { recursive: true })
    renameSync(partial, folder)
  })
}

export const locked = (thing, task) =>
  withLock(`${thing}.lock`, task, {
    onWait: (pid) => say(`waiting for process ${pid}, which prepares ${thing}`),
  })

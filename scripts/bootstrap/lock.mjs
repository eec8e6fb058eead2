// One process at a time for each thing that is fetched or built.
//
// A lock is a folder that holds one file, named after its owner. A folder renamed onto an empty or absent one takes
// it, onto one with a file in it fails: so taking a lock is atomic, and so is removing a dead owner's file.
import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const beatMs = 5_000
const staleAfterMs = 60_000

/** Runs `task` while holding the lock; `onWait` is called once, with the owner's pid, when another holds it. */
export const withLock = async (lock, task, { onWait = () => {}, pollMs = 100 } = {}) => {
  const owner = `${hostname()}.${process.pid}.${randomBytes(4).toString('hex')}`
  mkdirSync(dirname(lock), { recursive: true })
  for (let waited = false; !take(lock, owner);) {
    const holder = evictStale(lock)
    if (holder !== undefined && !waited) onWait(holder)
    waited ||= holder !== undefined
    await delay(pollMs)
  }
  const mine = join(lock, owner)
  const beat = setInterval(() => utimesSync(mine, new Date(), new Date()), beatMs)
  try {
    return await task()
  } finally {
    clearInterval(beat)
    release(lock, mine)
  }
}

const take = (lock, owner) => {
  const candidate = `${lock}.${owner}`
  mkdirSync(candidate)
  writeFileSync(join(candidate, owner), '')
  try {
    renameSync(candidate, lock)
    return true
  } catch (error) {
    rmSync(candidate, { recursive: true, force: true })
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false
    throw error
  }
}

const release = (lock, mine) => {
  rmSync(mine, { force: true })
  try {
    rmdirSync(lock)
  } catch (error) {
    // The next owner may have taken the empty folder already, or even removed it.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(error.code)) throw error
  }
}

/** Removes an owner that is gone, and gives the pid of one that is not. */
const evictStale = (lock) => {
  const [owner] = listed(lock)
  if (owner === undefined) return undefined
  const file = join(lock, owner)
  const { host, pid } = ownerOf(owner)
  try {
    const silentMs = Date.now() - statSync(file).mtimeMs
    if (silentMs < staleAfterMs && (host !== hostname() || isAlive(pid))) return pid
    unlinkSync(file)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return undefined
}

const listed = (folder) => {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

// A host name may hold dots: pid and random part are the last two.
const ownerOf = (name) => {
  const parts = name.split('.')
  return { host: parts.slice(0, -2).join('.'), pid: Number(parts.at(-2)) }
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

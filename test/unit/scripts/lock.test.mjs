import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { withLock } from '../../../scripts/bootstrap/lock.mjs'

const folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))
const quick = { pollMs: 1 }

const heldBy = (lock, owner, silentMs = 0) => {
  mkdirSync(lock)
  writeFileSync(join(lock, owner), '')
  const at = new Date(Date.now() - silentMs)
  utimesSync(join(lock, owner), at, at)
}

/** The pid of a process that is no more. */
const deadPid = async () => {
  const child = fork(join(folder, 'nothing.mjs'), { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid
}

describe('a lock', () => {
  it('lets one in at a time, and every one in', async () => {
    const lock = join(folder, 'crowded')
    let inside = 0
    let most = 0
    const enter = () =>
      withLock(
        lock,
        async () => {
          most = Math.max(most, ++inside)
          await new Promise(setImmediate)
          inside--
        },
        quick,
      )
    await Promise.all(Array.from({ length: 20 }, enter))
    expect(most).toBe(1)
    expect(existsSync(lock)).toBe(false)
  })

  it('is given back when the task fails, and gives its value when it does not', async () => {
    const lock = join(folder, 'failing')
    await expect(withLock(lock, () => Promise.reject(new Error('no')), quick)).rejects.toThrow('no')
    expect(await withLock(lock, () => 7, quick)).toBe(7)
  })

  it('is taken from a process that is no more', async () => {
    const lock = join(folder, 'orphan')
    heldBy(lock, `${hostname()}.${await deadPid()}.aa`)
    expect(await withLock(lock, () => 'mine', quick)).toBe('mine')
  })

  it('is taken from an owner, even of another machine, that has been silent for a minute', async () => {
    const lock = join(folder, 'silent')
    heldBy(lock, `far.away.${process.pid}.aa`, 61_000)
    expect(await withLock(lock, () => 'mine', quick)).toBe('mine')
  })

  it('is left to an owner that lives; the one who waits is told its pid', async () => {
    const lock = join(folder, 'living')
    const owner = `far.away.4711.aa`
    heldBy(lock, owner)
    const waiting = []
    const entered = withLock(lock, () => 'later', {
      ...quick,
      onWait: (pid) => {
        waiting.push(pid)
        rmSync(join(lock, owner))
      },
    })
    expect(await entered).toBe('later')
    expect(waiting).toEqual([4711])
  })
})

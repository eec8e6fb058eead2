import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChild, type Child, type ChildOptions } from '../../../../src/offline/demo/child.process.ts'
import { createPending } from '../../../../src/offline/demo/pending.ts'
import { createRunFolder, type RunFolder } from '../../../../src/offline/demo/runFolder.file.ts'

let folder: RunFolder
let started: Child[]

beforeEach(() => {
  folder = createRunFolder()
  started = []
})
afterEach(async () => {
  await Promise.all(started.map((child) => child.stop()))
  folder.closeLogs()
  folder.remove()
})

const start = (program: string, over: Partial<ChildOptions> = {}): Child => {
  const log = folder.openLog('child.log')
  const child = startChild({
    name: 'the child',
    command: [process.execPath, '-e', program],
    environment: { PATH: '/usr/bin:/bin' },
    log: log.descriptor,
    logTail: log.tail,
    graceMs: 5_000,
    askToEnd: 'SIGTERM',
    ...over,
  })
  started.push(child)
  return child
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a process that the demo starts', () => {
  it('fails with its name, how it ended and the end of its log', async () => {
    const child = start('console.error("no such model"); process.exit(3)')
    await expect(child.failed).rejects.toThrow(
      /the child ended \(exit code 3\):\n.*child\.log:\nno such model/,
    )
  })

  it('speaks line by line, however its output is cut', async () => {
    const lines: string[] = []
    const last = createPending<undefined>()
    start('process.stdout.write("one\\ntw"); setTimeout(() => process.stdout.write("o\\nthree\\n"), 20)', {
      onLine: (line) => {
        lines.push(line)
        if (line === 'three') last.resolve(undefined)
      },
    }).mayEnd()
    await last.promise
    expect(lines).toEqual(['one', 'two', 'three'])
  })

  it('ends when it is asked to', async () => {
    const ready = createPending<string>()
    const child = start('process.stdin.resume(); console.log("ready")', { onLine: ready.resolve })
    await ready.promise
    expect(isRunning(child.pid)).toBe(true)
    await child.stop()
    expect(isRunning(child.pid)).toBe(false)
  })

  it('ends with its input where that is what it listens to', async () => {
    const ready = createPending<string>()
    const child = start('process.stdin.resume(); process.on("SIGTERM", () => {}); console.log("ready")', {
      onLine: ready.resolve,
      askToEnd: 'end of input',
    })
    await ready.promise
    await child.stop()
    expect(isRunning(child.pid)).toBe(false)
  })

  it('is ended by force when it does not listen', async () => {
    const ready = createPending<string>()
    const deaf = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready")'
    const child = start(deaf, { onLine: ready.resolve, graceMs: 50 })
    await ready.promise
    await child.stop()
    expect(isRunning(child.pid)).toBe(false)
  })
})

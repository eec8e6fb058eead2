import { describe, expect, it } from 'vitest'
import type { CommandTable } from '../../../src/commands/command.ts'
import { commandTable } from '../../../src/commands/table.ts'
import { describeError, dispatch } from '../../../src/dispatch.ts'
import { SluiceError } from '../../../src/errors.ts'
import { parseArgs } from 'node:util'

const runWith = (run: (args: readonly string[]) => Promise<number>) => ({
  summary: 'does it',
  load: async () => ({ summary: 'does it', run }),
})

const call = async (commands: CommandTable, ...args: readonly string[]) => {
  let [out, error] = ['', '']
  const exitCode = await dispatch(commands, args, {
    out: (text) => (out += text),
    error: (text) => (error += text),
  })
  return { exitCode, out, error }
}

describe('dispatch', () => {
  it('hands the arguments over and gives the exit code back', async () => {
    const seen: (readonly string[])[] = []
    const commands = { go: runWith(async (args) => (seen.push(args), 3)) }
    expect(await call(commands, 'go', '--fast', 'there')).toEqual({ exitCode: 3, out: '', error: '' })
    expect(seen).toEqual([['--fast', 'there']])
  })

  it('lists the commands', async () => {
    for (const flag of ['--help', '-h', 'help']) {
      const { exitCode, out } = await call({ go: runWith(async () => 0) }, flag)
      expect(exitCode).toBe(0)
      expect(out).toMatch(/^ {2}go {2}does it$/m)
    }
  })

  it('asks a command for its own help', async () => {
    const seen: (readonly string[])[] = []
    await call({ go: runWith(async (args) => (seen.push(args), 0)) }, 'help', 'go')
    expect(seen).toEqual([['--help']])
  })

  it('loads only what is called', async () => {
    const never: CommandTable = {
      go: runWith(async () => 0),
      heavy: { summary: 'heavy', load: () => Promise.reject(new Error('loaded')) },
    }
    expect((await call(never, 'go')).exitCode).toBe(0)
  })

  it.each([[[]], [['tpics']], [['toString']], [['__proto__']]])('calls %j a usage error', async (args) => {
    const { exitCode, error } = await call({ topics: runWith(async () => 0) }, ...args)
    expect(exitCode).toBe(2)
    expect(error).toContain('Try: sluice --help')
  })

  it('names the nearest command', async () => {
    const { error } = await call({ topics: runWith(async () => 0), train: runWith(async () => 0) }, 'tpics')
    expect(error).toContain('sluice: no command "tpics"; did you mean topics?')
  })

  it('calls an unknown option of a command a usage error', async () => {
    const strict = runWith(async (args) => (parseArgs({ args: [...args], options: {} }), 0))
    const { exitCode, error } = await call({ go: strict }, 'go', '--what')
    expect(exitCode).toBe(2)
    expect(error).toContain("Unknown option '--what'")
  })

  it('tells another failure in one line, with its cause, and gives 1', async () => {
    const failing = runWith(async () => {
      throw new SluiceError('KAFKA_UNAVAILABLE', 'no broker', { cause: new Error('refused') })
    })
    const { exitCode, error } = await call({ go: failing }, 'go')
    expect(exitCode).toBe(1)
    expect(error).toBe('sluice: no broker\n  because: refused\n')
  })

  it('says why a command cannot be loaded', async () => {
    const broken = { summary: '', load: () => Promise.reject(new Error('Cannot find module x')) }
    const { exitCode, error } = await call({ go: broken }, 'go')
    expect(exitCode).toBe(1)
    expect(error).toBe('sluice: the command go cannot be loaded\n  because: Cannot find module x\n')
  })
})

describe('describeError', () => {
  it('ends with causes in a circle, and says the same thing once', () => {
    const first = new Error('first')
    first.cause = new Error('first', { cause: first })
    expect(describeError(first)).toBe('sluice: first\n')
  })

  it('shows the code of an error without a message', () => {
    expect(describeError(Object.assign(new Error(''), { code: 'ECONNREFUSED' }))).toBe(
      'sluice: ECONNREFUSED\n',
    )
  })

  it('shows what is no error at all', () => {
    expect(describeError('thrown text')).toBe('sluice: thrown text\n')
  })
})

describe('the table of commands', () => {
  it('says of each command the same as the command itself', async () => {
    for (const name of ['topics', 'version']) {
      const entry = commandTable[name]
      const command = await entry?.load()
      expect(command?.summary).toBe(entry?.summary)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { createEndings } from '../../../../src/offline/demo/endings.ts'
import { readableLine } from '../../../../src/offline/demo/logLine.ts'
import { createPending } from '../../../../src/offline/demo/pending.ts'
import { createScreen } from '../../../../src/offline/demo/screen.ts'
import { readSwitchMessage, writeSwitchMessage } from '../../../../src/offline/demo/switchMessages.ts'
import { createWatch } from '../../../../src/offline/demo/watch.ts'
import { throwing } from '../../../support/model/throwing.ts'

const written = (isTTY: boolean, columns = 80) => {
  const texts: string[] = []
  const screen = createScreen({ write: (text) => texts.push(text), isTTY, columns })
  return { screen, text: () => texts.join('') }
}

describe('endings', () => {
  it('undo the latest first, each once, and tell what failed', async () => {
    const done: string[] = []
    const told: string[] = []
    const endings = createEndings((text) => told.push(text))
    endings.add('servers', () => void done.push('servers'))
    endings.add('topics', () => Promise.reject(new Error('the broker is gone')))
    endings.add('processor', () => void done.push('processor'))
    await endings.run()
    await endings.run()
    expect(done).toEqual(['processor', 'servers'])
    expect(told).toEqual(['topics: the broker is gone'])
  })
})

describe('a watch', () => {
  it('ends what is waited for when something that it needs fails', async () => {
    const watch = createWatch()
    const server = createPending<never>()
    watch.add(server.promise)
    expect(await watch.during(Promise.resolve(7))).toBe(7)
    const waiting = watch.during(new Promise(() => undefined))
    server.reject(new Error('Kafka ended'))
    await expect(waiting).rejects.toThrow('Kafka ended')
    await expect(watch.during(new Promise(() => undefined))).rejects.toThrow('Kafka ended')
  })
})

describe('the screen', () => {
  it('draws again in place on a terminal, and lets the last drawing stay', () => {
    const { screen, text } = written(true)
    screen.draw(['one', 'two'])
    screen.draw(['three'])
    screen.settle()
    screen.line('four')
    expect(text()).toBe('one\ntwo\n\u001b[2A\r\u001b[Jthree\nfour\n')
  })

  it('cuts what would wrap', () => {
    const { screen, text } = written(true, 4)
    screen.draw(['abcdef'])
    expect(text()).toBe('abc\n')
  })

  it('draws nothing where nobody watches', () => {
    const { screen, text } = written(false)
    screen.draw(['one'])
    screen.line('two')
    expect(text()).toBe('two\n')
  })
})

describe('what the switch says', () => {
  it('is read as it was written', () => {
    const message = { kind: 'started', timeLapse: 1_500 } as const
    expect(readSwitchMessage(writeSwitchMessage(message).trim())).toEqual(message)
  })

  it.each(['', 'hello', '{"kind":"unheard"}'])('is refused otherwise: %j', (line) => {
    expect(throwing(() => readSwitchMessage(line)).code).toBe('FILE_INVALID')
  })
})

describe('a line of a log', () => {
  it('is shown as a person reads it', () => {
    const line =
      '{"level":"fatal","time":"x","message":"cannot go on","error":{"message":"no model","stack":"at"}}'
    expect(readableLine(line)).toBe('fatal: cannot go on: no model')
  })

  it.each(['plain words', '{"broken', '{"other":1}', '[1]', ''])('is left as it is otherwise: %j', (line) => {
    expect(readableLine(line)).toBe(line)
  })
})

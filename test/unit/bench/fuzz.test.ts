import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostileMessages } from '../../../bench/fuzz/messages.ts'
import { spoilFields, textOf, type Json } from '../../../bench/fuzz/spoil.ts'
import { templatesOf } from '../../../bench/fuzz/templates.ts'
import { behind, idOf, verdictOf, type Answer } from '../../../bench/fuzz/verdict.ts'
import { topicNames, topicSpecs } from '../../../src/stream/topicSpec.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'

const templates = templatesOf(await loadSchemas(ownSchemasFolder), () => Date.UTC(2026, 0, 15))

describe('hostile messages', () => {
  it('are the same for the same seed, and others for another', () => {
    const some = (seed: number) => hostileMessages(templates, { seed, from: 500, count: 50 })
    expect(some(3)).toEqual(some(3))
    expect(some(3)).not.toEqual(some(4))
  })

  it('go to every topic, some of them valid Avro, some JSON', () => {
    const all = hostileMessages(templates, { seed: 1, from: 0, count: 2_000 })
    expect(all).toHaveLength(2_000)
    expect(new Set(all.map(({ topic }) => topic)).size).toBe(templates.length)
    expect(all.some(({ message }) => message.headers?.['content-type'] === 'application/json')).toBe(true)
  })

  it('are of every topic that others than Sluice write to, a thousand thousandths in all', () => {
    const names = topicNames('')
    const fromOutside = topicSpecs({ prefix: '', partitions: 1, historyRetentionDays: 1 })
      .filter(({ config }) => config['message.timestamp.type'] === 'LogAppendTime')
      .map(({ name }) => name)
    expect(templates.map(({ topic }) => names[topic]).toSorted()).toEqual(fromOutside.toSorted())
    expect(templates.reduce((sum, { share }) => sum + share, 0)).toBe(1_000)
  })

  it('are made of valid records, each of which can be written', () => {
    for (const { encode, record } of templates)
      for (let n = 0; n < 30; n++) expect(() => encode?.(record(n))).not.toThrow()
  })

  it('may state an id as deep as a stack is not, or that turns into no text: the header stands in', () => {
    const deep = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as unknown
    expect(idOf(deep, 'pay-1')).toBe('pay-1')
    expect(idOf(JSON.parse('{"toString":1}'), 'pay-1')).toBe('pay-1')
    expect(idOf(['4111111111111111'], 'pay-1')).toBeNull()
  })

  it('property: a spoiled record can be written as text, whatever stands in it', () => {
    const record: Json = { a: 1, b: ['x', { c: null }], d: { e: true } }
    fc.assert(fc.property(spoilFields, (spoil) => textOf(spoil(record)).length >= 0))
  })
})

describe('what is asked of the answers', () => {
  const answer = (over: Partial<Answer> = {}): Answer => ({
    place: '0/1',
    paymentId: 'p',
    attempt: 1,
    contentHash: 'c',
    bytes: 'aa',
    ...over,
  })
  const sent = [{ place: '0/1', paymentId: 'p' }]

  it('an answer, or a dead letter where no id can be read', () => {
    expect(verdictOf(sent, [answer()], [])).toMatchObject({ silent: [], unanswered: [], contradictory: [] })
    expect(verdictOf([{ place: '0/1', paymentId: null }], [], [{ place: '0/1' }]).silent).toEqual([])
  })

  it('finds silence, a dead letter without an answer, an answer under another id, and two answers', () => {
    expect(verdictOf(sent, [], []).silent).toEqual(['0/1'])
    expect(verdictOf(sent, [], [{ place: '0/1' }]).unanswered).toEqual(['0/1 p'])
    expect(verdictOf(sent, [answer({ paymentId: 'q' })], []).unanswered).toEqual(['0/1 p'])
    expect(verdictOf(sent, [answer(), answer({ bytes: 'bb' })], []).contradictory).toEqual(['p/1/c'])
  })

  it('waits for each topic by itself: what one has twice makes up for nothing that another lacks', () => {
    expect(behind({ payments: 10, threatIntel: 5 }, { payments: 7, threatIntel: 9 })).toBe(3)
    expect(behind({ payments: 10, threatIntel: 5 }, { payments: 11, threatIntel: 5 })).toBe(0)
  })

  it('an id is what is stated, else the header; never what may be a card number', () => {
    expect(idOf('p-1', 'h')).toBe('p-1')
    expect(idOf(undefined, 'h')).toBe('h')
    expect(idOf('with space', 'h')).toBe('h')
    expect(idOf('4111111111111111', 'h')).toBeNull()
    expect(idOf(undefined, '4111111111111111')).toBeNull()
  })
})

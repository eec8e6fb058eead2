import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { patchProduceEncoding, type ProduceParts } from '../../../src/stream/produceEncoding.kafka.ts'
import type { ProduceRequest } from '../../../src/stream/produce/request.ts'
import { kafkajsBody, kafkajsProduce, plainRequest } from '../../support/kafkajsProduce.ts'

const require = createRequire(import.meta.url)

const refuse = (message: string): never => {
  throw new Error(message)
}

const patched = (): ProduceParts['produce'] => {
  const produce = kafkajsProduce()
  patchProduceEncoding(refuse, { version: '2.2.4', produce })
  return produce
}

const asked = (message: object, rest: Partial<ProduceRequest> = {}): ProduceRequest => ({
  acks: -1,
  timeout: 30_000,
  topicData: [{ topic: 't', partitions: [{ partition: 0, messages: [{ value: 'v', ...message }] }] }],
  ...rest,
})

const bodyOf = async (
  { protocol }: ProduceParts['produce'],
  request: ProduceRequest,
  version = 7,
): Promise<Buffer> => {
  const encoded = await protocol({ version })(request).request.encode()
  expect(encoded.size()).toBe(encoded.buffer.length)
  return encoded.buffer
}

describe('patchProduceEncoding', () => {
  beforeAll(() => vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_123 }))
  afterAll(() => vi.useRealTimers())

  it('patches once, however often it is asked', () => {
    const produce = patched()
    const { protocol } = produce
    expect(patchProduceEncoding(refuse, { version: '2.2.4', produce })).toBe(true)
    expect(produce.protocol).toBe(protocol)
  })

  it('encodes into one buffer of just the size', async () => {
    const encoded = await patched().protocol({ version: 7 })(asked({})).request.encode()
    expect(encoded.buf).toHaveLength(encoded.size())
  })

  it('leaves another version alone, with a warning', () => {
    const produce = kafkajsProduce()
    const { protocol } = produce
    const warnings: string[] = []
    expect(patchProduceEncoding((message) => warnings.push(message), { version: '2.3.0', produce })).toBe(
      false,
    )
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    expect(produce.protocol).toBe(protocol)
  })

  it.each([0, 1, 2])('leaves version %d of the request alone', (version) => {
    expect(patched().protocol({ version })).toBe(kafkajsProduce().protocol({ version }))
  })

  it('leaves compression to kafkajs', async () => {
    const zipped = asked({ value: 'x'.repeat(1000) }, { compression: 1 })
    const body = await bodyOf(patched(), zipped)
    expect(body).toEqual(await kafkajsBody(zipped))
    expect(gunzipSync(body.subarray(body.indexOf(Buffer.from([0x1f, 0x8b])))).includes('xxx')).toBe(true)
  })

  it('refuses what kafkajs refuses, in its words', async () => {
    const wrong = asked({ headers: { a: null } })
    const words = await kafkajsBody(wrong).then(
      () => refuse('kafkajs took it'),
      (error: Error) => error.message,
    )
    await expect(bodyOf(patched(), wrong)).rejects.toThrow(words)
  })

  it('keeps the rest of the request, and the response', () => {
    const theirs = kafkajsProduce().protocol({ version: 5 })(asked({}, { acks: 0 }))
    const ours = patched().protocol({ version: 5 })(asked({}, { acks: 0 }))
    expect(ours.response).toBe(theirs.response)
    expect(ours.request).toMatchObject({ apiKey: 0, apiVersion: 5, apiName: 'Produce' })
    expect((ours.request as unknown as { expectResponse: () => boolean }).expectResponse()).toBe(false)
  })

  it('is found by the kafkajs that is installed, and fits its frame', async () => {
    type Requests = { readonly requests: { readonly Produce: ProduceParts['produce'] } }
    const { requests } = require('kafkajs/src/protocol/requests') as Requests
    const createFrame = require('kafkajs/src/protocol/request') as (of: object) => Promise<{ buffer: Buffer }>
    const frame = async (request: object): Promise<Buffer> =>
      (await createFrame({ correlationId: 7, clientId: 'sluice', request })).buffer
    const given = asked({ key: 'k', headers: { a: ['x', 'y'] } })
    const theirs = requests.Produce.protocol({ version: 7 })

    expect(patchProduceEncoding(refuse)).toBe(true)
    const ours = requests.Produce.protocol({ version: 7 })
    expect(ours).not.toBe(theirs)
    expect(await frame(ours(given).request)).toEqual(await frame(theirs(given).request))
  })

  it('changes no byte in any version', async () => {
    const produce = patched()
    await fc.assert(
      fc.asyncProperty(plainRequest, fc.integer({ min: 3, max: 7 }), async (request, version) => {
        const expected = await kafkajsBody(request, version)
        expect((await bodyOf(produce, request, version)).toString('hex')).toBe(expected.toString('hex'))
      }),
    )
  })
})

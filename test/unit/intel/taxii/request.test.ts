import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { backOffMs } from '../../../../src/intel/taxii/backOff.ts'
import { findCollections, readAdded } from '../../../../src/intel/taxii/collections.http.ts'
import { createTaxiiRequest } from '../../../../src/intel/taxii/request.http.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const serve = async (listener: RequestListener): Promise<URL> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const rests: number[] = []
const request = createTaxiiRequest({
  authorization: 'Bearer secret',
  bytesMax: 1_000,
  timeoutMs: 5_000,
  retries: 3,
  rest: async (ms) => void rests.push(ms),
  now: () => 0,
  onRetry: () => undefined,
})
const type = { 'content-type': 'application/taxii+json;version=2.1' }

test('a client rests as long as the server asks, and then as long as it sees fit', async () => {
  let asked = 0
  const url = await serve((_, response) => {
    asked++
    if (asked === 1) response.writeHead(429, { 'retry-after': '7' }).end()
    else if (asked === 2) response.writeHead(503).end()
    else response.writeHead(200, { ...type, 'x-taxii-date-added-last': 'then' }).end('{}')
  })
  rests.length = 0
  expect(await request(url)).toEqual({ body: {}, addedLast: 'then' })
  expect(rests).toEqual([7_000, 2_000])
})

test.each([
  ['a longer answer than is wanted', 200, type, `"${'x'.repeat(2_000)}"`, 'more than 1000 bytes'],
  ['another type', 200, { 'content-type': 'text/html' }, '<p>', 'other than TAXII'],
  ['a refusal', 403, type, '', 'answered 403'],
  ['a way to somebody else', 302, { location: 'http://127.0.0.1:1/' }, '', 'redirect'],
  ['broken JSON, again and again', 200, type, '{', 'broken JSON'],
])('%s ends it', async (_, status, headers, body, problem) => {
  const url = await serve((__, response) => response.writeHead(status, headers).end(body))
  await expect(request(url)).rejects.toThrow(problem)
})

test('the rest has bounds whatever the server says', () => {
  expect([backOffMs(1, null, 0), backOffMs(3, null, 0), backOffMs(99, null, 0)]).toEqual([
    1_000, 4_000, 300_000,
  ])
  expect([backOffMs(1, '0', 0), backOffMs(1, '999999', 0), backOffMs(2, 'soon', 0)]).toEqual([
    1_000, 300_000, 2_000,
  ])
  expect(backOffMs(1, 'Thu, 01 Jan 1970 00:00:30 GMT', 10_000)).toBe(20_000)
})

test('credentials are not sent to an API root on another server', async () => {
  const url = await serve((_, response) =>
    response.writeHead(200, type).end('{"api_roots": ["https://elsewhere.example/root/"]}'),
  )
  await expect(findCollections(request, url)).rejects.toThrow('is not on')
})

test('an empty page that follows itself ends it', async () => {
  const url = await serve((_, response) =>
    response.writeHead(200, type).end('{"more": true, "next": "a", "objects": []}'),
  )
  const pages = readAdded(request, { id: 'c', title: 'c', objects: url }, null, 10)
  await expect(
    (async () => {
      for await (const _ of pages);
    })(),
  ).rejects.toThrow('follows itself')
})

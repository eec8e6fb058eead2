import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseInstant } from '../../../../src/domain/instant.ts'
import { deviceHealthFormat, labelFormat, paymentFormat } from '../../../../src/offline/files/formats.ts'
import { createRecordWriter, readRecords } from '../../../../src/offline/files/records.file.ts'
import type { RowFormat } from '../../../../src/offline/files/row.ts'
import { events } from '../../../../src/offline/simulator/events.ts'
import { createWorld } from '../../../../src/offline/simulator/world.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

const startAt = Date.UTC(2025, 0, 1)
const some = [...events(createWorld({ seed: 2, accounts: 40, startAt }), { untilAt: startAt + 86_400_000 })]
const payments = some.flatMap((event) => (event.kind === 'payment' ? [event.payment] : []))
const reports = some.flatMap((event) => (event.kind === 'deviceHealth' ? [event.report] : []))

const readAll = async <T>(file: string, format: RowFormat<T>): Promise<readonly T[]> => {
  const records: T[] = []
  for await (const record of readRecords(file, format)) records.push(record)
  return records
}

const written = async <T>(name: string, format: RowFormat<T>, records: readonly T[]): Promise<string> => {
  const file = join(folder, name)
  const writer = createRecordWriter(file, format)
  for (const record of records) await writer.write(record)
  await writer.close()
  return file
}

const given = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, name.endsWith('.gz') ? gzipSync(text) : text)
  return file
}

const header = 'paymentId,occurredAt,amountMinor,currency,channel,method,accountId'
const line = 'p1,2025-01-01T00:00:00Z,100,EUR,POS,CARD,a1'
const refusal = async (name: string, text: string): Promise<string> =>
  readAll(await given(name, text), paymentFormat).then(
    () => 'accepted',
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'FILE_INVALID' })
      return String((error as Error).message).replace(folder, '')
    },
  )

describe('files of records', () => {
  test.each(['a.csv', 'a.csv.gz', 'a.ndjson', 'a.ndjson.gz', 'a.jsonl'])(
    '%s: what was written is read',
    async (name) => {
      expect(await readAll(await written(name, paymentFormat, payments), paymentFormat)).toEqual(payments)
      expect(await readAll(await written(name, deviceHealthFormat, reports), deviceHealthFormat)).toEqual(
        reports,
      )
    },
  )

  test('a name that ends in .gz is packed', async () => {
    const bytes = await readFile(await written('b.csv.gz', paymentFormat, payments))
    expect(gunzipSync(bytes).toString().split('\n')[0]).toMatch(/^paymentId,attempt,occurredAt,/)
  })

  test('columns that may be missing: null, or their default', async () => {
    const [payment] = await readAll(await given('c.csv', `${header}\n${line}\n`), paymentFormat)
    expect(payment).toMatchObject({ attempt: 1, occurredAt: startAt, cardToken: null, latitude: null })
  })

  test('other columns, a byte order mark, Windows line ends and blank lines are no matter', async () => {
    const text = `\ufeff${header},note\r\n${line},"a, b"\r\n\r\n${line.replace('p1', 'p2')},\r\n`
    expect((await readAll(await given('d.csv', text), paymentFormat)).map((p) => p.paymentId)).toEqual([
      'p1',
      'p2',
    ])
  })

  test('a label without a report has no knownAt', async () => {
    const file = await given(
      'e.csv',
      'paymentId,occurredAt,accountId,fraud,knownAt\np1,1735689600000,a1,0,\np2,1735689600000,a1,1,2025-01-03',
    )
    expect(await readAll(file, labelFormat)).toMatchObject([
      { fraud: false, knownAt: null, scenario: null },
      { fraud: true, knownAt: startAt + 2 * 86_400_000 },
    ])
  })

  test('what is wrong is said with file, line and column, and without the value', async () => {
    expect(await refusal('f.csv', `${header}\n${line}\n${line.replace('100', '1x0')}\n`)).toBe(
      '/f.csv, line 3, column amountMinor: expected a number',
    )
    expect(await refusal('g.csv', `${header}\n${line.replace('EUR', 'EUX')}\n`)).toMatch(
      /^\/g\.csv, line 2, column currency: expected an alphabetic code/,
    )
    expect(await refusal('h.csv', `${header.replace('method', 'way')}\n${line}\n`)).toMatch(
      /column method: .*found no such column/,
    )
    expect(await refusal('i.csv', `${header}\n${line.replace('p1', '')}\n`)).toMatch(
      /line 2, column paymentId: .*found nothing/,
    )
    expect(await refusal('j.csv', `${header}\n${line.replace('00Z', '00')}\n`)).toMatch(
      /column occurredAt: .*with its zone/,
    )
    expect(await refusal('k.ndjson', `\n{"paymentId":"p1"`)).toMatch(
      /^\/k\.ndjson, line 2: expected a JSON object/,
    )
    expect(await refusal('l.csv', '')).toMatch(/names of the columns/)
    expect(await refusal('m.csv', `${header}\n${line},more\n`)).toBe(
      '/m.csv, line 2: expected 7 fields as in the first line, found 8',
    )
    const broken = `${header},note\n${line},\n\n${line},"quoted"\n${line},a "secret"\n`
    expect(await refusal('q.csv', broken)).toBe('/q.csv, line 5: expected CSV, found INVALID_OPENING_QUOTE')
    const late = `${header},note\n${line},\n\n${line},"a\nb"\n${line.replace('100', 'x')},\n`
    expect(await refusal('r.csv', late)).toBe('/r.csv, line 6, column amountMinor: expected a number')
  })

  test('a card number is refused and never told', async () => {
    const message = await refusal('n.csv', `${header}\n${line.replace('a1', '4111111111111111')}\n`)
    expect(message).toMatch(/column accountId/)
    expect(message).not.toContain('4111')
  })

  test('a packed file that breaks off is an error, not a short file', async () => {
    const file = join(folder, 'o.csv.gz')
    const whole = gzipSync(`${header}\n${`${line}\n`.repeat(5_000)}`)
    await writeFile(file, whole.subarray(0, whole.length - 20))
    await expect(readAll(file, paymentFormat)).rejects.toMatchObject({ code: 'FILE_INVALID' })
    const packed = join(folder, 'o.ndjson.gz')
    const json = gzipSync(`${JSON.stringify(payments[0])}\n`.repeat(5_000))
    await writeFile(packed, json.subarray(0, json.length - 20))
    await expect(readAll(packed, paymentFormat)).rejects.toMatchObject({ code: 'FILE_INVALID' })
  })

  test.each(['nowhere.csv', 'nowhere.csv.gz', 'nowhere.ndjson', 'nowhere.ndjson.gz'])(
    '%s: a file that is not there is an error',
    async (name) => {
      await expect(readAll(join(folder, name), paymentFormat)).rejects.toMatchObject({ code: 'FILE_INVALID' })
    },
  )

  test('a folder that is not there cannot be written to', async () => {
    const writer = createRecordWriter(join(folder, 'no', 'where.csv'), paymentFormat)
    await expect(writer.close()).rejects.toMatchObject({ code: 'FILE_INVALID' })
  })

  test('property: a time is read the same as epoch milliseconds and as ISO 8601', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
        expect(parseInstant(String(at))).toBe(at)
        expect(parseInstant(new Date(at).toISOString())).toBe(at)
      }),
    )
  })

  test('property: any text in an empty-able field survives CSV', async () => {
    const base = payments[0]
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.stringMatching(/^[\x21-\x7e]{1,20}$/).filter((id) => !/\d{12}/.test(id)),
          { maxLength: 5 },
        ),
        async (ids) => {
          const records = ids.flatMap((sessionId) => (base === undefined ? [] : [{ ...base, sessionId }]))
          expect(await readAll(await written('p.csv', paymentFormat, records), paymentFormat)).toEqual(
            records,
          )
        },
      ),
      { numRuns: 30 },
    )
  })
})

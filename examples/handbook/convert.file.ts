import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../../src/errors.ts'
import { createCsvWriter, readRecordRows, type RecordWriter } from '../../src/offline/files/records.file.ts'
import { fileError } from '../../src/offline/files/text.file.ts'
import { feedbackFields, labelFields, paymentFields, type Fields } from './fields.ts'
import { transactionFormat, type Transaction } from './transaction.ts'

export const convertedFiles = {
  payments: 'payments.csv.gz',
  feedback: 'feedback.csv.gz',
  labels: 'labels.csv.gz',
} as const

export type Converted = {
  readonly payments: number
  readonly frauds: number
}

export type ConvertOptions = {
  /** The handbook's columns as CSV, plain or .gz, in time order. */
  readonly transactions: string
  readonly folder: string
  readonly onPayments?: (count: number) => void
}

const createFieldsWriter = <T>(file: string, fields: Fields<T>): RecordWriter<Transaction> => {
  const csv = createCsvWriter(
    file,
    fields.map(([column]) => column),
  )
  const toFields = (from: Transaction) => fields.map(([, valueOf]) => valueOf(from))
  return {
    write: (from) => csv.write(toFields(from)),
    writeAll: (some) => csv.writeAll(some.map(toFields)),
    close: csv.close,
  }
}

/** Piece by piece, so that any length fits into memory. @throws SluiceError FILE_INVALID */
export const convert = async (options: ConvertOptions): Promise<Converted> => {
  const { transactions, folder, onPayments = () => undefined } = options
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw fileError(folder, cause)
  })
  const payments = createFieldsWriter(join(folder, convertedFiles.payments), paymentFields)
  const feedback = createFieldsWriter(join(folder, convertedFiles.feedback), feedbackFields)
  const labels = createFieldsWriter(join(folder, convertedFiles.labels), labelFields)
  const counts = { payments: 0, frauds: 0 }
  let latest = -Infinity
  for await (const some of readRecordRows(transactions, transactionFormat)) {
    for (const { record, row } of some) {
      // Features are computed in the order of the file: another order would give other numbers, and nobody would know.
      if (record.TX_DATETIME < latest)
        throw new SluiceError(
          'FILE_INVALID',
          `${row.file}, line ${row.line}, column TX_DATETIME: expected rows in time order, found an earlier time than before`,
        )
      latest = record.TX_DATETIME
      await payments.write(record)
      await labels.write(record)
      if (!record.TX_FRAUD) continue
      await feedback.write(record)
      counts.frauds += 1
    }
    counts.payments += some.length
    onPayments(counts.payments)
  }
  await Promise.all([payments.close(), feedback.close(), labels.close()])
  return counts
}

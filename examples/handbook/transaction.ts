import { flag, text } from '../../src/offline/files/columns.ts'
import type { Column, RowFormat } from '../../src/offline/files/row.ts'
import { record } from '../../src/stream/codec/check.ts'
import { flag as isFlag, id, integer, moment } from '../../src/stream/codec/values.ts'
import { toEpochMs, toMinor } from './values.ts'

/** One line of the handbook's file, by the handbook's names. */
export type Transaction = {
  readonly TRANSACTION_ID: string
  /** Epoch milliseconds. */
  readonly TX_DATETIME: number
  readonly CUSTOMER_ID: string
  readonly TERMINAL_ID: string
  /** Minor units. */
  readonly TX_AMOUNT: number
  readonly TX_FRAUD: boolean
}

const parsed = (expected: string, parse: (text: string) => number | undefined): Column<number> => ({
  expected,
  take: (value) => (typeof value === 'string' ? parse(value) : undefined),
  missing: undefined,
  toCsv: (value) => value,
})

export const transactionFormat: RowFormat<Transaction> = {
  columns: {
    TRANSACTION_ID: text,
    TX_DATETIME: parsed('a time in UTC such as 2018-04-01T00:00:31Z', toEpochMs),
    CUSTOMER_ID: text,
    TERMINAL_ID: text,
    TX_AMOUNT: parsed('an amount such as 57.16, with at most two decimals', toMinor),
    TX_FRAUD: flag,
  },
  check: record<Transaction>({
    TRANSACTION_ID: id,
    TX_DATETIME: moment,
    CUSTOMER_ID: id,
    TERMINAL_ID: id,
    TX_AMOUNT: integer(0, 1e13),
    TX_FRAUD: isFlag,
  }),
}

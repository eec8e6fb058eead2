import type { Row } from '../../src/offline/files/row.ts'
import { SluiceError } from '../../src/errors.ts'

const customer = (days: number) =>
  [
    { feature: `account.count.${days}d`, column: `CUSTOMER_ID_NB_TX_${days}DAY_WINDOW`, unit: 1 },
    // Ours are minor units.
    { feature: `account.mean.${days}d`, column: `CUSTOMER_ID_AVG_AMOUNT_${days}DAY_WINDOW`, unit: 100 },
  ] as const

const terminal = (days: number) =>
  [
    { feature: `merchant.count.${days}d@7d`, column: `TERMINAL_ID_NB_TX_${days}DAY_WINDOW`, unit: 1 },
    { feature: `merchant.fraud_rate.${days}d@7d`, column: `TERMINAL_ID_RISK_${days}DAY_WINDOW`, unit: 1 },
  ] as const

const windowDays = [1, 7, 30] as const

/** The handbook's features over windows by their names here; ours are so many times as large. */
export const windowFeatures: readonly {
  readonly feature: string
  readonly column: string
  readonly unit: number
}[] = [...windowDays.flatMap(customer), ...windowDays.flatMap(terminal)]

/** Two payments of one second that pandas put into another order: TRANSACTION_ID. */
export const swapped: ReadonlySet<string> = new Set(['1240489', '1240490'])

/** A number of a row; what is not known is 0, as the handbook writes the risk of a terminal without payments. */
export const numberIn = (row: Row, column: string): number => {
  const given = row.get(column)
  const value = given === null ? 0 : Number(given)
  if (given !== undefined && Number.isFinite(value)) return value
  throw new SluiceError('FILE_INVALID', `${row.file}, line ${row.line}, column ${column}: expected a number`)
}

export const textIn = (row: Row, column: string): string => {
  const given = row.get(column)
  if (typeof given === 'string') return given
  throw new SluiceError('FILE_INVALID', `${row.file}, line ${row.line}, column ${column}: expected a text`)
}

import { SluiceError } from '../../errors.ts'
import { paymentFormat } from '../files/formats.ts'
import { readRecords } from '../files/records.file.ts'

export type Amounts = {
  /** The one currency of all of them; sums of several would mean nothing. */
  readonly currency: string
  /** Minor units, by paymentId. */
  readonly amountMinor: ReadonlyMap<string, number>
}

/** Of the payments that are wanted. @throws SluiceError FILE_INVALID if one is missing, or there are several currencies */
export const readAmounts = async (file: string, wanted: ReadonlySet<string>): Promise<Amounts> => {
  const amountMinor = new Map<string, number>()
  const currencies = new Set<string>()
  for await (const payment of readRecords(file, paymentFormat)) {
    if (!wanted.has(payment.paymentId)) continue
    amountMinor.set(payment.paymentId, payment.amountMinor)
    currencies.add(payment.currency)
  }
  const [currency, ...others] = currencies
  if (amountMinor.size < wanted.size)
    throw new SluiceError(
      'FILE_INVALID',
      `${file}: expected the amount of each scored payment, ${wanted.size - amountMinor.size} are missing`,
    )
  if (currency === undefined || others.length > 0)
    throw new SluiceError(
      'FILE_INVALID',
      `${file}: expected amounts in one currency, found ${currencies.size}`,
    )
  return { currency, amountMinor }
}

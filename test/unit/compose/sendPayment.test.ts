import { expect, it } from 'vitest'
import { createSendPayment } from '../../../src/compose/sendPayment.ts'
import type { Payment } from '../../../src/domain/payment.ts'
import { createPaymentCodec } from '../../../src/stream/codec/payment.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'
import { aPayment } from '../../support/payments.ts'

const codec = createPaymentCodec(await loadSchemas(ownSchemasFolder))
const sent: { readonly key: string; readonly value: Buffer }[] = []
const send = createSendPayment({ codec, send: async (key, value) => void sent.push({ key, value }) })

it('sends a payment under its account', async () => {
  const payment = aPayment({ accountId: 'payer' })
  await send(payment, {})
  expect(sent.map(({ key, value }) => [key, codec.decode(value)])).toEqual([['payer', payment]])
})

it('takes a nullable field that is left out for null', async () => {
  const { mcc, ...without } = aPayment()
  await send(without as Payment, {})
  expect([mcc, codec.decode(sent.at(-1)?.value ?? Buffer.alloc(0)).mcc]).toEqual([mcc, null])
})

it.each<[string, Partial<Payment>]>([
  ['amountMinor', { amountMinor: -5 }],
  ['amountMinor', { amountMinor: 1.5 }],
  ['currency', { currency: 'XX' }],
  ['accountId', { accountId: '4111111111111111' }],
])(
  'throws at once where %s does not fit the contract, without its value, and sends nothing',
  (field, over) => {
    const before = sent.length
    expect(() => void send(aPayment(over), {})).toThrow(new RegExp(`^Payment(?!.*4111).*${field}`))
    expect(sent.length).toBe(before)
  },
)

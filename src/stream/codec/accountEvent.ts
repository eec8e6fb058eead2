import { accountEventKinds, type AccountEvent } from '../../domain/accountEvent.ts'
import { nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import { createSideDecoder, type SideDecoder, type SideDecoderDeps } from './sideDecoder.ts'
import * as value from './values.ts'

export const checkAccountEvent: Check<AccountEvent> = record<AccountEvent>({
  eventId: value.id,
  occurredAt: value.moment,
  kind: value.symbol(accountEventKinds),
  accountId: value.id,
  deviceId: nullable(value.id),
  ipAddress: nullable(value.ipAddress),
  payeeId: nullable(value.id),
})

export const createAccountEventCodec = (schemas: Schemas): Codec<AccountEvent> =>
  createCodec(schemas, { record: 'AccountEvent', version: 1 }, checkAccountEvent)

/** The topic `account-events`. Never throws. */
export const createAccountEventDecoder = (deps: SideDecoderDeps): SideDecoder<AccountEvent> =>
  createSideDecoder(createAccountEventCodec(deps.schemas), deps, (event) => ({
    occurredAt: event.occurredAt,
  }))

import { describe, expect, test } from 'vitest'
import { createCaep } from '../../../src/attestation/caep.ts'
import { createAttester } from '../../support/attestation/attester.ts'
import { tokenDeps } from '../../support/attestation/ring.ts'

const arrivedAt = Date.UTC(2026, 5, 1, 12)
const context = { deviceId: 'dev-1', reportId: 'rep-1', observedAt: arrivedAt, arrivedAt }
const transmitter = await createAttester('https://mdm.example', ['CAEP'])
const read = createCaep(await tokenDeps(transmitter))

const type = (name: string): string => `https://schemas.openid.net/secevent/caep/event-type/${name}`
const device = { format: 'opaque', id: 'dev-1' }

const token = (events: object, over: object = {}, typ = 'secevent+jwt'): Promise<string> =>
  transmitter.sign(typ, { jti: 'set-1', sub_id: device, events, ...over }, arrivedAt)

const compliance = (current_status: string, more: object = {}) => ({
  [type('device-compliance-change')]: { previous_status: 'compliant', current_status, ...more },
})
const risk = (current_level: string, principal = 'DEVICE') => ({
  [type('risk-level-change')]: { principal, previous_level: 'LOW', current_level },
})

const said = (signal: string, healthy: boolean) => [{ signal, healthy, attested: true }]

describe('a security event token of CAEP', () => {
  test.each<[string, object, object]>([
    ['compliant', compliance('compliant'), said('COMPLIANCE', true)],
    ['not compliant', compliance('not-compliant'), said('COMPLIANCE', false)],
    ['of low risk', risk('LOW'), said('RISK_LEVEL', true)],
    ['of medium risk', risk('MEDIUM'), said('RISK_LEVEL', false)],
    ['of high risk', risk('HIGH'), said('RISK_LEVEL', false)],
    ['about a user', risk('HIGH', 'USER'), []],
    ['about something else', { [type('session-revoked')]: {} }, []],
  ])('that finds a device %s', async (_, events, signals) => {
    expect(await read(await token(events), context)).toMatchObject({
      once: { id: 'jti https://mdm.example set-1', counter: null },
      source: 'caep',
      observedAt: arrivedAt,
      signals,
    })
  })

  test('has the time of its event', async () => {
    const at = arrivedAt / 1000 - 90
    const opened = await read(await token(compliance('compliant', { event_timestamp: at })), context)
    expect(opened).toMatchObject({ observedAt: at * 1000 })
  })

  test.each<[string, object]>([
    ['an issuer and its subject', { format: 'iss_sub', iss: 'https://mdm.example', sub: 'dev-1' }],
    ['a complex one', { format: 'complex', user: { format: 'opaque', id: 'u' }, device }],
  ])('may name its subject by %s', async (_, sub_id) => {
    expect(await read(await token(risk('LOW'), { sub_id }), context)).toMatchObject({
      signals: said('RISK_LEVEL', true),
    })
  })

  test.each<[string, Promise<string>, string]>([
    ['of another device', token(risk('LOW'), { sub_id: { format: 'opaque', id: 'dev-2' } }), 'OTHER_DEVICE'],
    [
      'of a user',
      token(risk('LOW'), { sub_id: { format: 'complex', user: { format: 'opaque', id: 'dev-1' } } }),
      'OTHER_DEVICE',
    ],
    ['that is another kind of token', token(risk('LOW'), {}, 'device-health+jwt'), 'CLAIM'],
    ['with a level that there is not', token(risk('EXTREME')), 'CLAIM'],
    ['with a status that there is not', token(compliance('perhaps')), 'CLAIM'],
    ['without events', transmitter.sign('secevent+jwt', { jti: 's', sub_id: device }, arrivedAt), 'CLAIM'],
  ])('%s proves nothing', async (_, body, flaw) => {
    expect(await read(await body, context)).toEqual({ flaw })
  })
})

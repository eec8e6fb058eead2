import { z } from 'zod'
import { flawed, isFlawed, said, type Adapter, type Said } from './opened.ts'
import { createReadToken, type TokenDeps } from './token.ts'

const eventType = (name: string): string => `https://schemas.openid.net/secevent/caep/event-type/${name}`
const complianceChange = eventType('device-compliance-change')
const riskLevelChange = eventType('risk-level-change')

/** RFC 9493: `opaque`, `iss_sub`, or a complex subject with a device in it. */
const simpleSubject = z.object({ format: z.string(), id: z.string().optional(), sub: z.string().optional() })
const subject = simpleSubject.extend({ device: simpleSubject.optional() })

const dated = { event_timestamp: z.number().positive().optional() }
const events = z.object({
  [complianceChange]: z
    .object({ ...dated, current_status: z.enum(['compliant', 'not-compliant']) })
    .optional(),
  [riskLevelChange]: z
    .object({
      ...dated,
      principal: z.string(),
      current_level: z.enum(['LOW', 'MEDIUM', 'HIGH']),
    })
    .optional(),
})

const claims = z.object({
  jti: z.string().min(1).max(256),
  iss: z.string(),
  iat: z.number(),
  sub_id: subject,
  events,
})
type Claims = z.infer<typeof claims>

const deviceOf = ({ sub_id: { device, id, sub } }: Claims): string | undefined =>
  device === undefined ? (id ?? sub) : (device.id ?? device.sub)

const complianceOf = z.object({ current_status: z.string() })
const riskOf = z.object({ principal: z.string(), current_level: z.string() })

const signalsOf = (given: Claims['events']): readonly Said[] => {
  const compliance = complianceOf.safeParse(given[complianceChange]).data
  const risk = riskOf.safeParse(given[riskLevelChange]).data
  return [
    ...said('COMPLIANCE', compliance === undefined ? null : compliance.current_status === 'compliant', true),
    // The same event also speaks of users and sessions.
    ...said('RISK_LEVEL', risk?.principal === 'DEVICE' ? risk.current_level === 'LOW' : null, true),
  ]
}

/** Seconds; the time of the token where the event has none of its own. */
const happenedAt = ({ events: given, iat }: Claims): number =>
  Math.min(
    iat,
    ...[complianceChange, riskLevelChange].map((type) => given[type]?.event_timestamp ?? Infinity),
  )

/** A security event token (RFC 8417) of CAEP 1.0. Other events than the two are none of a device's health. */
export const createCaep = (deps: TokenDeps): Adapter => {
  const read = createReadToken(deps, {
    purpose: 'CAEP',
    typ: 'secevent+jwt',
    requiredClaims: ['jti', 'iat', 'sub_id', 'events'],
    isShortLived: true,
  })
  return async (body, { deviceId, arrivedAt }) => {
    const payload = await read(body, arrivedAt)
    if (isFlawed(payload)) return payload
    const parsed = claims.safeParse(payload)
    if (!parsed.success) return flawed('CLAIM')
    if (deviceOf(parsed.data) !== deviceId) return flawed('OTHER_DEVICE')
    const { jti, iss } = parsed.data
    return {
      once: { id: `jti ${iss} ${jti}`, counter: null },
      source: 'caep',
      observedAt: happenedAt(parsed.data) * 1000,
      platform: null,
      osVersion: null,
      patchLevel: null,
      appVersion: null,
      signals: signalsOf(parsed.data.events),
    }
  }
}

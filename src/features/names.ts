import { entityTypes, type EntityType } from '../domain/entity.ts'
import { SluiceError } from '../errors.ts'
import { deviceFeatures } from './deviceFeatures.ts'
import { intelFeatures } from './intelFeatures.ts'
import { measureNames, measures, type MeasureName } from './measures.ts'
import { isNoted, noteMeasureNames, noteMeasures, type NoteMeasureName } from './noteMeasures.ts'
import { nearest } from './nearest.ts'
import { paymentFeatures } from './paymentFeatures.ts'
import { vulnerabilityFeatures } from './vulnerabilityFeatures.ts'
import { parseWindow } from './windows.ts'

/**
 * `<entity>.<measure>[.<window>[@<delay>]]`, `<entity>_<entity>.<measure>[.<window>[@<delay>]]`, or a name of the
 * `payment.`, `device.health.`, `device.vulnerability.`, `device.os.` or `intel.` family, or
 * `device.protection_level`. A pair is a filter on the history of its first entity.
 */
export type VelocitySpec = {
  readonly family: 'velocity'
  readonly name: string
  readonly entity: EntityType
  readonly partner: EntityType | null
  readonly measure: MeasureName | NoteMeasureName | 'distinct'
  /** What `distinct` counts; null for the other measures. */
  readonly target: EntityType | null
  /** null: as far as is remembered. */
  readonly windowMs: number | null
  /** So long before the payment the window ends; 0 where it ends with it. */
  readonly delayMs: number
}

/** Milliseconds before the payment at which what the measure looks at begins; null: as far as is remembered. */
export const reachOf = ({ measure, windowMs, delayMs }: VelocitySpec): number | null =>
  windowMs === null ? null : windowMs * (isMeasure(measure) ? measures[measure].windows : 1) + delayMs

export type FeatureSpec =
  VelocitySpec | { readonly family: 'payment' | 'device' | 'vulnerability' | 'intel'; readonly name: string }

const unknownFeature = (message: string): SluiceError => new SluiceError('FEATURE_UNKNOWN', message)

const isEntity = (text: string | undefined): text is EntityType =>
  entityTypes.some((entity) => entity === text)
const isMeasure = (text: string | undefined): text is MeasureName =>
  measureNames.some((measure) => measure === text)

const isNoteMeasure = (text: string | undefined): text is NoteMeasureName =>
  noteMeasureNames.some((measure) => measure === text)

type Subject = Pick<VelocitySpec, 'entity' | 'partner'>

const subjects: readonly Subject[] = entityTypes.flatMap((entity) => [
  { entity, partner: null },
  ...entityTypes.filter((partner) => partner !== entity).map((partner) => ({ entity, partner })),
])

const parseSubject = (text: string): Subject | null => {
  const [entity, partner, ...rest] = text.split('_')
  if (!isEntity(entity) || rest.length > 0) return null
  if (partner === undefined) return { entity, partner: null }
  return isEntity(partner) && partner !== entity ? { entity, partner } : null
}

type Measured = Pick<VelocitySpec, 'measure' | 'target'> & { readonly window: 'required' | 'optional' }

const distinctPrefix = 'distinct_'

/** Different entities of a kind that the records share anyway would always be one: such a name is refused. */
const parseMeasure = (text: string | undefined, { entity, partner }: Subject): Measured | null => {
  if (isMeasure(text)) return { measure: text, target: null, window: measures[text].window }
  if (isNoteMeasure(text))
    return isNoted(noteMeasures[text], entity, partner)
      ? { measure: text, target: null, window: noteMeasures[text].window }
      : null
  if (text?.startsWith(distinctPrefix) !== true) return null
  const target = text.slice(distinctPrefix.length)
  if (!isEntity(target) || target === entity || target === partner) return null
  return { measure: 'distinct', target, window: 'required' }
}

type Span = Pick<VelocitySpec, 'windowMs' | 'delayMs'>

const parseSpan = (text: string | undefined): Span | null => {
  if (text === undefined) return { windowMs: null, delayMs: 0 }
  const [window = '', delay, ...rest] = text.split('@')
  const windowMs = parseWindow(window)
  const delayMs = delay === undefined ? 0 : parseWindow(delay)
  return windowMs === null || delayMs === null || rest.length > 0 ? null : { windowMs, delayMs }
}

const parseVelocity = (name: string): VelocitySpec | null => {
  const [subjectText = '', measureText, windowText, ...rest] = name.split('.')
  const subject = parseSubject(subjectText)
  const measured = subject === null ? null : parseMeasure(measureText, subject)
  const span = parseSpan(windowText)
  if (subject === null || measured === null || span === null || rest.length > 0) return null
  const { measure, target, window } = measured
  if (span.windowMs === null && window === 'required') return null
  return { family: 'velocity', name, ...subject, measure, target, ...span }
}

/** Every right name, with the window that the wrong one has, or a day. */
const rightNames = (wrong: string): readonly string[] => {
  const window = wrong.split('.').find((part) => part !== '' && parseSpan(part) !== null) ?? '24h'
  const velocity = subjects.flatMap(({ entity, partner }) => {
    const subject = partner === null ? entity : `${entity}_${partner}`
    const targets = entityTypes.filter((target) => target !== entity && target !== partner)
    return [
      ...measureNames.map((m) =>
        measures[m].window === 'required' ? `${subject}.${m}.${window}` : `${subject}.${m}`,
      ),
      ...noteMeasureNames
        .filter((m) => isNoted(noteMeasures[m], entity, partner))
        .map((m) =>
          noteMeasures[m].window === 'required' ? `${subject}.${m}.${window}` : `${subject}.${m}`,
        ),
      ...targets.map((target) => `${subject}.${distinctPrefix}${target}.${window}`),
    ]
  })
  const others = [paymentFeatures, deviceFeatures, vulnerabilityFeatures, intelFeatures].flat()
  return [...velocity, ...others.map(({ name }) => name)]
}

/** What a feature name asks for. Throws FEATURE_UNKNOWN, with the nearest right names, for any other text. */
export const parseFeatureName = (name: string): FeatureSpec => {
  if (paymentFeatures.some((feature) => feature.name === name)) return { family: 'payment', name }
  if (deviceFeatures.some((feature) => feature.name === name)) return { family: 'device', name }
  if (vulnerabilityFeatures.some((feature) => feature.name === name)) return { family: 'vulnerability', name }
  if (intelFeatures.some((feature) => feature.name === name)) return { family: 'intel', name }
  const velocity = parseVelocity(name)
  if (velocity !== null) return velocity
  throw unknownFeature(
    `there is no feature ${name}; near ones: ${nearest(name, rightNames(name)).join(', ')}`,
  )
}

import { entityTypes } from '../domain/entity.ts'
import { intelSubjectOf } from '../domain/intelligence.ts'
import { lagBit, nothingLags, type Lagging, type SideInput } from './degraded.ts'
import { isDeviceStatement } from './deviceFeatures.ts'
import { intelSubjectNamed } from './intelFeatures.ts'
import type { FeatureSpec, VelocitySpec } from './names.ts'
import { isNoteMeasureName, noteMeasures, type NoteSource } from './noteMeasures.ts'
import type { Recalled } from './recalled.ts'
import type { Placed } from './step.ts'
import { endOfLifeName, isExploitedName } from './vulnerabilityFeatures.ts'

const topicOf: Readonly<Record<NoteSource, SideInput | null>> = {
  decisions: null,
  feedback: 'risk-feedback',
  accountEvents: 'account-events',
}

/** A feature that may be another one once what waits in a topic has been taken over. */
type Dependent = {
  readonly index: number
  readonly bit: Lagging
  /** Whether the payment names what the feature is about. */
  readonly concerns: (recalled: Recalled) => boolean
  /** Whether a 1 stays: what a device has admitted is no less true for more of it waiting. */
  readonly oneStays: boolean
}

const ofDevice = (index: number, name: string): Dependent => ({
  index,
  bit: lagBit('device-health'),
  concerns: ({ received }) => received.payment.deviceId !== null,
  oneStays: isDeviceStatement(name),
})

const ofNotes = (index: number, { measure, entity }: VelocitySpec): Dependent | null => {
  const topic = isNoteMeasureName(measure) ? topicOf[noteMeasures[measure].source] : null
  if (topic === null) return null
  const slot = entityTypes.indexOf(entity)
  return {
    index,
    bit: lagBit(topic),
    concerns: ({ views }) => (views[slot] ?? null) !== null,
    oneStays: false,
  }
}

/** On the version that the device reports, and, but for the end of support, on what is published. */
const ofVulnerabilities = (index: number, name: string): readonly Dependent[] => {
  const reported: Dependent = { ...ofDevice(index, name), oneStays: false }
  if (name === endOfLifeName) return [reported]
  return [reported, { ...reported, bit: lagBit('vulnerabilities'), oneStays: isExploitedName(name) }]
}

/** What is listed stays listed until more is heard. */
const ofIntelligence = (index: number, name: string): Dependent | null => {
  const named = intelSubjectNamed(name)
  if (named === null) return null
  const read = intelSubjectOf[named.subject]
  return {
    index,
    bit: lagBit('threat-intel'),
    concerns: ({ received }) => read(received.payment) !== null,
    oneStays: named.isListing,
  }
}

const dependentsOf = ({ index, spec }: Placed<FeatureSpec>): readonly (Dependent | null)[] => {
  if (spec.family === 'device') return [ofDevice(index, spec.name)]
  if (spec.family === 'vulnerability') return ofVulnerabilities(index, spec.name)
  if (spec.family === 'intel') return [ofIntelligence(index, spec.name)]
  return spec.family === 'velocity' ? [ofNotes(index, spec)] : []
}

/** Makes unknown what depends on a lagging input, in a row that has been computed. Returns those inputs. */
export type ForgetLagging = (recalled: Recalled, row: Float64Array, lagging: Lagging) => Lagging

export const compileLagging = (specs: readonly Placed<FeatureSpec>[]): ForgetLagging => {
  const dependents = specs.flatMap(dependentsOf).filter((each) => each !== null)
  return (recalled, row, lagging) => {
    let missed = nothingLags
    for (const { index, bit, concerns, oneStays } of dependents) {
      if ((lagging & bit) === 0 || !concerns(recalled)) continue
      missed |= bit
      if (!oneStays || row[index] !== 1) row[index] = NaN
    }
    return missed
  }
}

import type { AffectedRange } from '../../domain/vulnerability.ts'
import { axisNames, axisWeights, type AxisName } from '../../features/vulnerabilityPriority.ts'
import { axisWords, gradeOf } from '../../features/vulnerabilityWords.ts'
import type { Ranked } from './ranked.ts'

export const dayOf = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString().slice(0, 10)

const round = (value: number): number | null => (Number.isNaN(value) ? null : Math.round(value * 1000) / 1000)

/** GB/T 30279-2020's word for each axis; its technical grade is made of exploitability and impact, as CVSS's base is. */
const gbNames: Readonly<Record<AxisName, string>> = {
  severity: '技术分级',
  scope: '影响范围',
  repair: '修复难度',
  exploit: '被利用成本',
}

const axesTold = ({ priority }: Ranked) =>
  axisNames.map((name) => ({
    axis: name,
    gbt30279: gbNames[name],
    value: round(priority.axes[name]),
    words: axisWords(name, priority.axes[name]),
    weight: axisWeights[name],
    assumedWorst: priority.assumed.includes(name),
  }))

/** What `--json` prints of one; null: not known. */
export const toJson = (ranked: Ranked) => {
  const { vulnerability, priority, platforms } = ranked
  const { kev, epss } = vulnerability
  return {
    cveId: vulnerability.cveId,
    title: vulnerability.title,
    priority: priority.value,
    grade: gradeOf(priority.value),
    axes: axesTold(ranked),
    exploited: kev !== null,
    dateAdded: dayOf(kev?.dateAdded ?? null),
    dueDate: dayOf(kev?.dueDate ?? null),
    knownRansomware: kev?.knownRansomware ?? null,
    epss: epss?.score ?? null,
    cvss31: vulnerability.cvss31,
    cvss40: vulnerability.cvss40,
    cvssScore: vulnerability.cvssScore,
    published: dayOf(vulnerability.publishedAt),
    remediation: vulnerability.remediation,
    repairEffort: vulnerability.repairEffort,
    platforms,
    affected: vulnerability.affected,
    source: vulnerability.source,
  }
}

const cell = (value: number): string => (Number.isNaN(value) ? '?' : value.toFixed(2))

export const listHeader: readonly string[] = [
  'CVE',
  'priority',
  'grade',
  'severity',
  'scope',
  'repair',
  'exploit',
  'due',
  'platforms',
  'title',
]

export const listLine = ({ vulnerability, priority, platforms }: Ranked): readonly string[] => [
  vulnerability.cveId,
  priority.value.toFixed(2),
  gradeOf(priority.value).en,
  ...axisNames.map((name) => cell(priority.axes[name])),
  dayOf(vulnerability.kev?.dueDate ?? null) ?? '-',
  platforms.join(',') || '-',
  vulnerability.title ?? '',
]

const rangeTold = ({ platform, versionScheme, introduced, fixed, lastAffected }: AffectedRange): string =>
  [
    `${platform}, versions as ${versionScheme}:`,
    introduced === null ? 'from the first' : `from ${introduced}`,
    ...(lastAffected === null ? [] : [`up to ${lastAffected}`]),
    ...(fixed === null ? [] : [`before ${fixed}`]),
  ].join(' ')

/** One vulnerability in full, for a person. */
export const explained = (ranked: Ranked): string => {
  const { vulnerability, priority, platforms } = ranked
  const { kev, epss, affected } = vulnerability
  const grade = gradeOf(priority.value)
  const axes = axesTold(ranked).map(({ axis, gbt30279, value, words, weight, assumedWorst }) => {
    const shown = value === null ? 'not known, counts as 1' : value.toFixed(3)
    return `  ${`${axis} (${gbt30279})`.padEnd(18)} ${shown} x ${weight}: ${words.en} (${words.zh})${assumedWorst ? ', assumed the worst' : ''}`
  })
  return [
    `${vulnerability.cveId}${vulnerability.title === null ? '' : `  ${vulnerability.title}`}`,
    `priority ${priority.value.toFixed(2)} of 10: ${grade.en} (${grade.zh})`,
    ...axes,
    kev === null
      ? 'not among the known exploited vulnerabilities'
      : `exploited: listed ${dayOf(kev.dateAdded)}, repair due ${dayOf(kev.dueDate) ?? 'at no date'}${kev.knownRansomware === true ? ', used for ransomware' : ''}`,
    ...(epss === null ? [] : [`EPSS: ${epss.score} in the next 30 days`]),
    ...[vulnerability.cvss40, vulnerability.cvss31].filter((vector) => vector !== null),
    ...(platforms.length === 0
      ? ['no range of versions on a known platform: it matches no device']
      : affected.map(rangeTold)),
    '',
  ].join('\n')
}

import type { Artifact } from './artifact.file.ts'
import { preprocessingOf, unknownOf } from './describeFeature.ts'
import type { Calibration, Manifest } from './manifest.ts'
import { asCode, figure, percent, plain, table } from './markdown.ts'

/** Stands beside the manifest; it is made from it and not among the files that are hashed. */
export const cardFileName = 'MODEL_CARD.md'

const calibrationOf = (calibration: Calibration): string => {
  switch (calibration.kind) {
    case 'none':
      return 'none: the probability is what the network says'
    case 'platt':
      return `Platt: sigmoid(${figure(calibration.a)} logit + ${figure(calibration.b)})`
    case 'isotonic':
      return `isotonic, ${calibration.points.length} points, ${calibration.interpolation}`
  }
}

/** `{ a: { b: 1 } }` -> `a.b`, `1`. */
const leaves = (value: unknown, path: string): readonly (readonly [string, string])[] => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`))
  return [
    [
      path,
      typeof value === 'number' ? figure(value) : typeof value === 'string' ? value : JSON.stringify(value),
    ],
  ]
}

const rowsOf = (value: unknown): readonly (readonly string[])[] =>
  leaves(value, '').map(([name, text]) => [plain(name), plain(text)])

const section = (title: string, ...parts: readonly string[]): string => [`## ${title}`, ...parts].join('\n\n')

const signatureOf = ({ signer, manifestSha256 }: Pick<Artifact, 'signer' | 'manifestSha256'>): string =>
  table(
    ['', ''],
    [
      ['manifest.json, SHA-256', `\`${manifestSha256}\``],
      ['signed by', signer.keyId === null ? 'nobody who is known' : `key \`${signer.keyId}\` (Ed25519)`],
    ],
  )

const thresholdsOf = ({ thresholds }: Manifest): readonly string[] =>
  thresholds.length === 0
    ? []
    : [
        section(
          'Thresholds',
          'The probability from which a payment is stopped, for a share of the good payments of the validation part.',
          table(
            ['good payments stopped', 'from probability', 'frauds stopped'],
            thresholds.map((each) => [
              percent(each.goodStoppedShare),
              figure(each.probability),
              percent(each.recall),
            ]),
          ),
        ),
      ]

const reasonsOf = ({ reasonGroups }: Manifest): string =>
  section(
    'Reasons',
    reasonGroups.length === 0
      ? 'The model gives no reasons.'
      : table(
          ['reason', 'features and what each is compared with'],
          reasonGroups.map(({ code, baseline }) => [
            `\`${code}\``,
            Object.entries(baseline)
              .map(([name, value]) => `${asCode(name)} (${value === null ? 'not known' : figure(value)})`)
              .join(', '),
          ]),
        ),
  )

/** The model in words: what it is, what it sees, how it was made, how good it was, who answers for it. Markdown. */
export const renderCard = (artifact: Pick<Artifact, 'manifest' | 'signer' | 'manifestSha256'>): string => {
  const { manifest } = artifact
  const about = [
    ['format', `\`${manifest.format}\`, output: ${manifest.output}`],
    ['calibration', calibrationOf(manifest.calibration)],
    [
      'golden vectors',
      `${manifest.goldenVectors.length}, each within ${manifest.goldenTolerance} on any backend`,
    ],
    ['files', Object.keys(manifest.files).map(asCode).join(', ')],
  ]
  const features = manifest.features.map((feature) => [
    asCode(feature.name),
    preprocessingOf(feature),
    unknownOf(feature),
  ])
  return `${[
    `# ${manifest.id} ${plain(manifest.version)}`,
    ...(manifest.description === undefined ? [] : [plain(manifest.description)]),
    table(['', ''], about),
    section('Features', table(['feature', 'becomes', 'unknown becomes'], features)),
    section('Training', table(['', ''], rowsOf(manifest.training))),
    section('Metrics', table(['metric', 'value'], rowsOf(manifest.metrics))),
    ...thresholdsOf(manifest),
    reasonsOf(manifest),
    section('Signature', signatureOf(artifact)),
  ].join('\n\n')}\n`
}

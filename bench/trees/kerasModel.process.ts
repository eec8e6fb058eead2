import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { readArtifact } from '../../src/model/artifact.file.ts'
import { createRng } from '../../src/offline/simulator/rng.ts'
import { pythonWith } from '../../test/support/python.ts'
import type { Measured } from './measured.ts'

const keras = fileURLToPath(new URL('../../examples/keras', import.meta.url))
const payments = 4_000
const startMs = 1_700_000_000_000
const rowsMeasured = 64

/**
 * A network of examples/keras (32 and 16 units) as a SavedModel, trained for a moment on made-up payments.
 * @returns null where Keras cannot be installed; why is on standard output
 */
export const makeSavedModel = async (features: number): Promise<Measured | null> => {
  const python = await pythonWith(path.join(keras, 'requirements.txt'))
  if (python === null) return null
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-keras-'))
  try {
    const rng = createRng(20_262)
    const names = Array.from({ length: features }, (_, at) => `account.count.${at + 1}m`)
    const rows = Array.from({ length: payments }, () => Float64Array.from(names, () => rng.next() * 10))
    const featureLines = rows.map((row, at) => [`p-${at}`, ...row].join(','))
    const labelLines = rows.map(
      (row, at) => `p-${at},${startMs + at * 60_000},a-${at % 50},${rng.chance(row[0]! / 100) ? 1 : 0},`,
    )
    const [featuresFile, labelsFile] = [path.join(folder, 'features.csv'), path.join(folder, 'labels.csv')]
    await writeFile(featuresFile, `${[['paymentId', ...names].join(','), ...featureLines].join('\n')}\n`)
    await writeFile(
      labelsFile,
      `${['paymentId,occurredAt,accountId,fraud,knownAt', ...labelLines].join('\n')}\n`,
    )
    const files = ['--features', featuresFile, '--labels', labelsFile, '--models', folder]
    const artifact = ['--id', 'keras', '--version', '1', '--format', 'tf-saved-model', '--epochs', '1']
    await python(path.join(keras, 'train.py'), [...files, ...artifact])
    const model = await readArtifact(path.join(folder, 'keras', '1'))
    return { name: 'SavedModel', model, rows: rows.slice(0, rowsMeasured) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

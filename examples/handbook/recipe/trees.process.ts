import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importModel } from '../../../src/offline/importing/importModel.file.ts'
import { openPython } from './python.process.ts'
import type { ModelMaker } from './modelMaker.ts'
import { readTreesSpec } from './treesSpec.file.ts'

const script = fileURLToPath(new URL('fit_trees.py', import.meta.url))

/** XGBoost in Python, imported as `sluice model import` does. */
export const treesMaker = async (specFile: string): Promise<ModelMaker> => {
  const spec = await readTreesSpec(specFile)
  return {
    features: spec.features,
    make: async ({ folder, work, dataset, tell }) => {
      const python = await openPython()
      tell(`Python's packages are in ${python.folder}`)
      const fitted = join(work, 'xgboost')
      await mkdir(fitted, { recursive: true })
      const { features, labels } = dataset
      await python.run([
        script,
        '--features',
        features,
        '--labels',
        labels,
        '--spec',
        specFile,
        '--out',
        fitted,
      ])
      await importModel({
        library: 'xgboost',
        modelFile: join(fitted, 'model.json'),
        goldenFile: join(fitted, 'golden.csv'),
        features: spec.features,
        rounds: null,
        id: spec.id,
        version: spec.version,
        description: spec.description,
        rowsFile: features,
        labelsFile: labels,
        reasonsFile: null,
        out: folder,
      })
    },
  }
}

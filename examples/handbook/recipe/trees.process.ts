import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importModel } from '../../../src/offline/importing/importModel.file.ts'
import { openPython } from './python.process.ts'
import type { ModelMaker } from './modelMaker.ts'
import { readTreesSpec } from './treesSpec.file.ts'

const script = fileURLToPath(new URL('fit_trees.py', import.meta.url))

/**
 * XGBoost in Python, imported as `sluice model import` does.
 * @param packages folder of its own for Python's packages, outside the project
 */
export const treesMaker = async (specFile: string, packages: string): Promise<ModelMaker> => {
  const spec = await readTreesSpec(specFile)
  return {
    features: spec.features,
    make: async ({ folder, work, dataset, tell }) => {
      tell(`Python's packages are in ${packages}`)
      const python = await openPython(packages)
      const fitted = join(work, 'xgboost')
      await mkdir(fitted, { recursive: true })
      const { features, labels } = dataset
      await python([script, '--features', features, '--labels', labels, '--spec', specFile, '--out', fitted])
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

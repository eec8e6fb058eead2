import { openBackend } from '../../../src/model/backend.ts'
import { writeArtifact } from '../../../src/offline/training/artifactWriter.file.ts'
import { joinLabels } from '../../../src/offline/training/dataset.ts'
import { readFeatureTable } from '../../../src/offline/training/featureTable.file.ts'
import { readLabels } from '../../../src/offline/training/labels.file.ts'
import { readSpec } from '../../../src/offline/training/spec.file.ts'
import { train } from '../../../src/offline/training/train.ts'
import type { ModelMaker } from './modelMaker.ts'

/** TF.js on WASM, the engine that gives the same weights on any machine. */
export const networkMaker = async (specFile: string): Promise<ModelMaker> => {
  const spec = await readSpec(specFile)
  return {
    features: spec.features,
    make: async ({ folder, dataset, day, tell }) => {
      const table = await readFeatureTable(dataset.features, spec.features)
      const examples = joinLabels(table, await readLabels(dataset.labels))
      const backend = await openBackend('wasm')
      const source = { engine: `${backend.name} ${backend.version}`, fold: day }
      const artifact = await train(spec, examples, source, {
        onEpoch: ({ epoch, loss, averagePrecision }) =>
          tell(
            `epoch ${epoch} of ${spec.epochs}: loss ${loss.toFixed(5)}, average precision ${averagePrecision.toFixed(4)}`,
          ),
        onRefit: (epoch, loss) => tell(`on all days, epoch ${epoch}: loss ${loss.toFixed(5)}`),
      })
      await writeArtifact(folder, artifact)
    },
  }
}

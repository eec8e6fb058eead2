import { readArtifact, type Artifact } from '../../../src/model/artifact.file.ts'
import { openBackend } from '../../../src/model/backend.ts'
import { writeArtifact } from '../../../src/offline/training/artifactWriter.file.ts'
import { train, type TrainedArtifact } from '../../../src/offline/training/train.ts'
import { makeExamples, spec } from './examples.ts'

/** A small trained model on disk; leaves WASM as the engine of this thread. */
export const writeMadeUpModel = async (
  folder: string,
): Promise<{ readonly trained: TrainedArtifact; readonly artifact: Artifact }> => {
  await openBackend('wasm')
  const trained = await train(
    { ...spec, epochs: 2 },
    makeExamples(3_000),
    { data: 'made up' },
    { onEpoch: () => undefined },
  )
  await writeArtifact(folder, trained)
  return { trained, artifact: await readArtifact(folder) }
}

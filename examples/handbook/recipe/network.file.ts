import { openBackend } from '../../../src/model/backend.ts'
import { writeArtifact } from '../../../src/offline/training/artifactWriter.file.ts'
import type { Example } from '../../../src/offline/training/dataset.ts'
import type { TrainingSpec } from '../../../src/offline/training/spec.ts'
import { train } from '../../../src/offline/training/train.ts'

/** Trains with TF.js on WASM, the engine that gives the same weights on any machine. */
export const writeNetwork = async (
  folder: string,
  spec: TrainingSpec,
  examples: readonly Example[],
  source: Readonly<Record<string, string>>,
  tell: (line: string) => void,
): Promise<void> => {
  const backend = await openBackend('wasm')
  const artifact = await train(
    spec,
    examples,
    { engine: `${backend.name} ${backend.version}`, ...source },
    {
      onEpoch: ({ epoch, loss, averagePrecision }) =>
        tell(
          `epoch ${epoch} of ${spec.epochs}: loss ${loss.toFixed(5)}, average precision ${averagePrecision.toFixed(4)}`,
        ),
      onRefit: (epoch, loss) => tell(`on all days, epoch ${epoch}: loss ${loss.toFixed(5)}`),
    },
  )
  await writeArtifact(folder, artifact)
}

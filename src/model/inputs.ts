import type { Artifact } from './artifact.file.ts'
import { compilePreprocess, type Preprocess } from './preprocess.ts'
import { compileRanks } from './trees/ranks.ts'

/** Where in a row each feature of the manifest stands -> how rows become inputs of the model. */
export type CompileInputs = (positions: readonly number[]) => Preprocess

/** A network takes what the manifest describes, an ensemble of trees the ranks among its own thresholds. */
export const inputsOf = ({ manifest, network }: Pick<Artifact, 'manifest' | 'network'>): CompileInputs =>
  network.format === 'trees'
    ? (positions) => compileRanks(network.ensemble, manifest.features.length, positions)
    : (positions) => compilePreprocess(manifest.features, positions)

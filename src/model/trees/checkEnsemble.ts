import { SluiceError } from '../../errors.ts'
import { type Ensemble, leafRank, type RankInput } from './ensemble.ts'

type Nodes = Pick<Ensemble, 'roots' | 'left'>

/** Steps from a root to the farthest leaf. Children stand after their parents, so one pass backwards is enough. */
export const depthOf = ({ left, roots }: Nodes): number => {
  const steps = new Int32Array(left.length)
  for (let node = left.length - 1; node >= 0; node--) {
    const child = left[node]!
    if (child !== node) steps[node] = 1 + Math.max(steps[child]!, steps[child + 1]!)
  }
  return roots.reduce((most, root) => Math.max(most, steps[root]!), 0)
}

const inputFault = ({ feature, thresholds }: RankInput, features: number): string | null => {
  if (feature >= features) return `feature ${feature}, but the manifest has ${features}`
  const rise = thresholds.every((each, at) => !Number.isNaN(each) && !(each <= thresholds[at - 1]!))
  return rise ? null : 'thresholds that do not rise'
}

const nodeFault = (
  { left, input, rank, value, inputs }: Omit<Ensemble, 'depth'>,
  node: number,
): string | null => {
  const child = left[node]!
  if (!Number.isFinite(value[node]!)) return 'a value that is not finite'
  if (child === node)
    return rank[node] === leafRank && input[node] === 0 ? null : 'a leaf that looks at an input'
  // Only forwards: whoever walks down comes to an end.
  if (child < node || child + 1 >= left.length) return `the left child ${child}`
  const looksAt = inputs[input[node]!]
  if (looksAt === undefined) return `input ${input[node]}`
  return rank[node]! >= 0 && rank[node]! < looksAt.thresholds.length ? null : `rank ${rank[node]}`
}

/**
 * Whatever the bytes are: a walk over them ends in a leaf of its own and reads nothing outside.
 * @throws SluiceError MODEL_INVALID
 */
export const checkEnsemble = (ensemble: Omit<Ensemble, 'depth'>, features: number, origin: string): void => {
  const refuse = (what: string): never => {
    throw new SluiceError('MODEL_INVALID', `${origin}: ${what}`)
  }
  const { inputs, left, roots } = ensemble
  inputs.forEach((input, at) => {
    const fault = inputFault(input, features)
    if (fault !== null) refuse(`input ${at} has ${fault}`)
  })
  for (let node = 0; node < left.length; node++) {
    const fault = nodeFault(ensemble, node)
    if (fault !== null) refuse(`node ${node} has ${fault}`)
  }
  roots.forEach((root, tree) => {
    if (root < 0 || root >= left.length) refuse(`tree ${tree} begins at node ${root} of ${left.length}`)
  })
}

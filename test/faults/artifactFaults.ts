import type { Fault } from './plant.ts'

const preprocess = 'test/unit/model/preprocess.test.ts'
const calibrate = 'test/unit/model/calibrate.test.ts'
const signature = 'test/unit/model/signature.test.ts'
const bundle = 'test/unit/model/bundle.test.ts'
const allowed = 'test/unit/model/allowed.test.ts'
const reach = 'test/unit/model/reach.test.ts'
const formats = 'test/unit/model/formats.test.ts'

/** Of what a model must be before it scores: each was seen to be caught. */
export const artifactFaults: readonly Fault[] = [
  {
    name: 'a value at an edge lies in the wrong bin',
    file: 'src/model/piecewise.ts',
    original: '(value === x && !strictly)',
    replacement: '(value === x && strictly)',
    tests: [preprocess],
  },
  {
    name: 'bins compare in float64 where float32 is asked for',
    file: 'src/model/encode.ts',
    original: 'countUpTo(rising, Math.fround(raw), strictly)',
    replacement: 'countUpTo(rising, raw, strictly)',
    tests: [preprocess],
  },
  {
    name: 'an unknown value of a one-hot feature is its first value',
    file: 'src/model/encode.ts',
    original: 'missing: new Float32Array(listed.length)',
    replacement: 'missing: new Float32Array(listed.length).fill(1, 0, 1)',
    tests: [preprocess],
  },
  {
    name: 'a quantile is taken between the wrong knots',
    file: 'src/model/piecewise.ts',
    original: 'ys[next - 1]!, ys[next]!]',
    replacement: 'ys[next - 1]!, ys[Math.min(last, next + 1)]!]',
    tests: [preprocess, calibrate],
  },
  {
    name: 'the log-odds of a certain probability are not finite',
    file: 'src/model/calibrate.ts',
    original: 'const edge = 1e-7',
    replacement: 'const edge = 0',
    tests: [calibrate],
  },
  {
    name: 'a step counts before its output is reached',
    file: 'src/model/piecewise.ts',
    original: 'ys[Math.max(0, countUpTo(xs, x) - 1)]',
    replacement: 'ys[Math.min(xs.length - 1, countUpTo(xs, x))]',
    tests: [calibrate],
  },
  {
    name: 'a table that falls is taken',
    file: 'src/model/manifestCalibration.ts',
    original: 'share >= points[at - 1]![1]',
    replacement: 'share >= 0',
    tests: [calibrate],
  },
  {
    name: 'nobody looks whether a signature is right',
    file: 'src/model/verifySignature.file.ts',
    original: 'if (!isSignedBy(manifest, signature, key.publicKey))',
    replacement: 'if (signature.signature.length === 0)',
    tests: [signature],
  },
  {
    name: 'a retired key still counts',
    file: 'src/model/verifySignature.file.ts',
    original: "if (key.status === 'retired')",
    replacement: "if (key.keyId === '')",
    tests: [signature],
  },
  {
    name: 'an unsigned model is taken',
    file: 'src/model/verifySignature.file.ts',
    original: "if (signer.keyId !== null || unsigned === 'allow') return signer",
    replacement: 'if (signer.keyId !== null || unsigned.length > 0) return signer',
    tests: [signature],
  },
  {
    name: 'an unsigned model is promoted',
    file: 'src/model/promote.file.ts',
    original: 'readArtifact(path.join(modelsFolder, modelPath), undefined, check)',
    replacement:
      'readArtifact(path.join(modelsFolder, modelPath), undefined, { ...check, unsigned: `allow` })',
    tests: [signature],
  },
  {
    name: 'a key is overwritten',
    file: 'src/model/keys.file.ts',
    original: "flag: 'wx', mode",
    replacement: "flag: 'w', mode",
    tests: [signature],
  },
  {
    name: 'a file of any size is read',
    file: 'src/model/readInside.file.ts',
    original: 'if (stats.size > mostBytes)',
    replacement: 'if (stats.size > Infinity)',
    tests: [bundle],
  },
  {
    name: 'a link out of the folder is followed',
    file: 'src/model/readInside.file.ts',
    original: 'if (real.startsWith(root + path.sep)) return real',
    replacement: 'if (real.startsWith(path.sep)) return real',
    tests: [bundle],
  },
  {
    name: 'a control dependency is not followed',
    file: 'src/model/reach.ts',
    original: "input.replace(/^\\^/, '')",
    replacement: 'input',
    tests: [allowed],
  },
  {
    name: 'what a called function calls is not followed',
    file: 'src/model/reach.ts',
    original: 'for (const each of functionsByName.get(call) ?? []) waiting.push(...each.nodes)',
    replacement:
      'for (const each of functionsByName.get(call) ?? []) for (const one of each.nodes) reached.add(one)',
    tests: [allowed, reach],
  },
  {
    name: 'a function under the name of an operation is not looked into',
    file: 'src/model/allowed.ts',
    original: 'if (idleOps.has(name))',
    replacement: 'if (idleOps.has(``))',
    tests: [allowed],
  },
  {
    name: 'a function that may take the place of another is not looked into',
    file: 'src/model/savedModelGraph.ts',
    original: "includes('api_implements')",
    replacement: "includes('api_replaces')",
    tests: [allowed],
  },
  {
    name: 'what is run to initialise is not looked at',
    file: 'src/model/savedModelGraph.ts',
    original: '...lists.flatMap((list) => textsOf(list, field.nodeList.value)),',
    replacement: '',
    tests: [allowed],
  },
  {
    name: 'the functions of a GraphModel are not looked at',
    file: 'src/model/topology.ts',
    original: 'return [...nodes, ...(library?.function ?? []).flatMap(({ nodeDef }) => nodeDef ?? [])]',
    replacement: 'return [...nodes, ...(library?.function ?? []).flatMap(() => [])]',
    tests: [allowed],
  },
  {
    name: 'the folder of a SavedModel stays behind',
    file: 'src/model/savedModel.file.ts',
    original: 'await rm(folder, { recursive: true, force: true })',
    replacement: 'await Promise.resolve()',
    tests: [formats],
  },
  {
    name: 'a golden vector that is NaN passes',
    file: 'src/model/golden.ts',
    original: 'if (!(Math.abs(found - probability) <= manifest.goldenTolerance))',
    replacement: 'if (Math.abs(found - probability) > manifest.goldenTolerance)',
    tests: [formats],
  },
]

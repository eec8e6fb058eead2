import type { Fault } from './plant.ts'

const bundles = 'test/unit/compose/bundles.test.ts'
const registry = 'test/unit/model/registry.test.ts'
const probation = 'test/unit/model/probation.test.ts'
const rollback = 'test/unit/model/rollback.test.ts'
const fingerprint = 'test/unit/model/fingerprint.test.ts'
const aside = 'test/unit/model/scorerAside.test.ts'

/** Of swapping bundles: each was seen to be caught. */
export const swapFaults: readonly Fault[] = [
  {
    name: 'swap: older bundles are never disposed of',
    file: 'src/model/registry.ts',
    original: 'if (previous !== next) previous?.dispose()',
    replacement: 'if (previous === next) previous?.dispose()',
    tests: [registry, bundles],
  },
  {
    name: 'swap: a bundle that was withdrawn is taken again',
    file: 'src/model/registry.ts',
    original: 'if (withdrawn?.bundleHash === bundleHash)',
    replacement: 'if (withdrawn?.bundleHash === null)',
    tests: [registry, bundles],
  },
  {
    name: 'swap: golden vectors are not looked at',
    file: 'src/model/scorer.ts',
    original: 'for (const _step of checkGolden(manifest, compileInputs, run)) await pause()',
    replacement: 'checkGolden(manifest, compileInputs, run)',
    tests: [bundles],
  },
  {
    name: 'swap: a NaN passes for its golden vector',
    file: 'src/model/golden.ts',
    original: 'if (!(Math.abs(found - probability) <= manifest.goldenTolerance))',
    replacement: 'if (Math.abs(found - probability) > manifest.goldenTolerance)',
    tests: [bundles],
  },
  {
    name: 'swap: links are not followed when the folder is looked at',
    file: 'src/model/fingerprint.file.ts',
    original: 'const { ino, size, mtimeMs } = await stat(real)',
    replacement: "const { ino, size, mtimeMs } = { ino: real === '' ? 1 : 0, size: 0, mtimeMs: 0 }",
    tests: [fingerprint],
  },
  {
    name: 'swap: an earlier decision is recorded with the row of another bundle',
    file: 'src/compose/records.ts',
    original: 'decided.decision.bundleHash === assessedBy',
    replacement: "decided.decision.bundleHash !== ''",
    tests: ['test/unit/compose/records.test.ts'],
  },
  {
    name: 'swap: the bundle of a micro-batch is the one it began with, for ever',
    file: 'src/compose/stages.ts',
    original: 'if (last?.of !== of)',
    replacement: 'if (last === null)',
    tests: ['test/unit/compose/stages.test.ts'],
  },
  {
    name: 'swap: a bundle on probation is blamed for what the one before did too',
    file: 'src/model/probation.ts',
    original: 'return low > most && low > wasToo',
    replacement: 'return low > most',
    tests: [probation],
  },
  {
    name: 'swap: what another bundle decided counts on probation',
    file: 'src/model/trial.ts',
    original: 'if (bundleHash === inUse) log.add(seen, now)',
    replacement: 'log.add(seen, now)',
    tests: [probation],
  },
  {
    name: 'swap: a rollback does not verify what it goes back to',
    file: 'src/model/rollback.file.ts',
    original: 'await loadBundleOf(modelsFolder, active, trust)\n',
    replacement: '\n',
    tests: [rollback],
  },
  {
    name: 'swap: a rollback takes the policy file as it is now',
    file: 'src/model/history.file.ts',
    original: 'if (there !== null && sha256(there) === policy.sha256) return policy',
    replacement: 'if (there !== null) return { path: policy.path, sha256: sha256(there) }',
    tests: [rollback],
  },
  {
    name: 'swap: a thread answers with the rows of the part before',
    file: 'src/model/scorerAside.thread.ts',
    original: 'const part = rows.slice(first, first + mostRows)',
    replacement: 'const part = rows.slice(0, mostRows).slice(0, rows.length - first)',
    tests: [aside],
  },
]

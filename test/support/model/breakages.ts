import { appendFile, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Refusal } from '../../../src/domain/bundleSwap.ts'
import type { Active } from '../../../src/model/active.ts'
import { writeActive } from '../../../src/model/activeWriter.file.ts'
import { sha256 } from '../../../src/model/canonical.ts'
import { signForTest } from './signing.ts'
import { activate, activeOf, addVariant, changeManifest, windowedIn } from './variants.ts'

/** One way in which what is offered can be broken. */
export type Breakage = {
  readonly name: string
  readonly refusal: Refusal
  /** Words that the reason must hold. */
  readonly says: RegExp
  /** Offers a broken copy of `from` under the version `broken`; nothing that is sound is touched but active.json. */
  readonly offer: (models: string, from: string, broken: string) => Promise<void>
}

type InModel = (place: {
  readonly models: string
  readonly model: string
  readonly folder: string
}) => Promise<unknown>

/** Breaks the copy before it is signed and active.json takes its hash, so that hashes and signature agree. */
const broken =
  (breakIt: InModel): Breakage['offer'] =>
  async (models, from, version) => {
    const model = await addVariant(models, from, version)
    await breakIt({ models, model, folder: path.join(models, model) })
    await signForTest(models, model)
    await activate(models, model)
  }

/** Breaks the copy once active.json has its hash. */
const tampered =
  (breakIt: InModel): Breakage['offer'] =>
  async (models, from, version) => {
    const model = await addVariant(models, from, version)
    const active = await activeOf(models, model)
    await breakIt({ models, model, folder: path.join(models, model) })
    await writeActive(models, active)
  }

const withActive =
  (change: (active: Active) => unknown): Breakage['offer'] =>
  async (models, from, version) => {
    const active = await activeOf(models, await addVariant(models, from, version))
    await writeText(models, JSON.stringify(change(active)))
  }

/** In one step, as a promotion does. */
const writeText = async (models: string, text: string): Promise<void> => {
  const file = path.join(models, 'active.json')
  await writeFile(`${file}.next`, text)
  await rename(`${file}.next`, file)
}

const withPolicy =
  (change: (text: string) => string): Breakage['offer'] =>
  async (models, from, version) => {
    const policy = `policy.${version}.yaml`
    await writeFile(
      path.join(models, policy),
      change(await readFile(path.join(models, 'policy.yaml'), 'utf8')),
    )
    await activate(models, await addVariant(models, from, version), policy)
  }

/** The weights changed, and the manifest saying so: hashes are right, scores are not. */
const reweighed = (change: (weights: Buffer) => Buffer): Breakage['offer'] =>
  broken(async ({ models, model, folder }) => {
    const file = path.join(folder, 'weights.bin')
    const weights = change(await readFile(file))
    await writeFile(file, weights)
    await changeManifest(models, model, (manifest) => ({
      ...manifest,
      files: { ...manifest.files, 'weights.bin': sha256(weights) },
    }))
  })

const deadHash = '0'.repeat(64)

export const breakages: readonly Breakage[] = [
  {
    name: 'a weight was changed',
    refusal: 'model_unverified',
    says: /weights\.bin: expected SHA-256/,
    offer: tampered(async ({ folder }) => {
      const weights = await readFile(path.join(folder, 'weights.bin'))
      weights[5]! ^= 1
      await writeFile(path.join(folder, 'weights.bin'), weights)
    }),
  },
  {
    name: 'the topology was changed',
    refusal: 'model_unverified',
    says: /model\.json: expected SHA-256/,
    offer: tampered(({ folder }) => appendFile(path.join(folder, 'model.json'), ' ')),
  },
  {
    name: 'the manifest was changed',
    refusal: 'model_unverified',
    says: /manifest\.json: expected SHA-256/,
    offer: tampered(({ folder }) => appendFile(path.join(folder, 'manifest.json'), ' ')),
  },
  {
    name: 'weights are missing',
    refusal: 'model_invalid',
    says: /weights\.bin: is not there/,
    offer: tampered(({ folder }) => rm(path.join(folder, 'weights.bin'))),
  },
  {
    name: 'weights are only half there',
    refusal: 'model_unverified',
    says: /weights\.bin: expected SHA-256/,
    offer: tampered(({ folder }) => truncate(path.join(folder, 'weights.bin'), 40)),
  },
  {
    name: 'nobody has signed it',
    refusal: 'model_unsigned',
    says: /sign/,
    offer: tampered(({ folder }) => rm(path.join(folder, 'manifest.sig.json'))),
  },
  {
    name: 'the signature is of another manifest',
    refusal: 'model_unsigned',
    says: /sign/,
    offer: async (models, from, version) => {
      const model = await addVariant(models, from, version)
      await changeManifest(models, model, (manifest) => ({ ...manifest, description: 'after signing' }))
      await activate(models, model)
    },
  },
  {
    name: 'a file lies outside of the folder',
    refusal: 'model_unsafe',
    says: /leads out of its folder/,
    offer: tampered(async ({ models, model, folder }) => {
      const outside = path.join(models, `${path.basename(model)}.bin`)
      await rename(path.join(folder, 'weights.bin'), outside)
      await symlink(outside, path.join(folder, 'weights.bin'))
    }),
  },
  {
    name: 'active.json is no JSON',
    refusal: 'model_invalid',
    says: /expected JSON/,
    offer: (models) => writeText(models, '{ "activeVersion": 1, '),
  },
  {
    name: 'active.json is empty',
    refusal: 'model_invalid',
    says: /expected JSON/,
    offer: (models) => writeText(models, ''),
  },
  {
    name: 'active.json has a key that is not known',
    refusal: 'model_invalid',
    says: /canaryy/,
    offer: withActive((active) => ({ ...active, canaryy: 1 })),
  },
  {
    name: 'active.json has another hash of the manifest',
    refusal: 'model_unverified',
    says: /manifest\.json: expected SHA-256 0000/,
    offer: withActive((active) => ({
      ...active,
      champion: { ...active.champion, manifestSha256: deadHash },
    })),
  },
  {
    name: 'active.json names a model that is not there',
    refusal: 'model_invalid',
    says: /nobody.1.*(is not there|cannot be read)/,
    offer: withActive((active) => ({ ...active, champion: { ...active.champion, path: 'nobody/1' } })),
  },
  {
    name: 'the model lies under a name that is not its own',
    refusal: 'model_unverified',
    says: /its manifest says it is/,
    offer: broken(({ models, model }) =>
      changeManifest(models, model, (manifest) => ({ ...manifest, version: 'another' })),
    ),
  },
  {
    name: 'the pinned engine is not here',
    refusal: 'backend_unavailable',
    says: /pinned to wasm 0\.0\.1/,
    offer: withActive((active) => ({
      ...active,
      champion: { ...active.champion, pin: { ...active.champion.pin, version: '0.0.1' } },
    })),
  },
  {
    name: 'a feature does not exist',
    refusal: 'feature_unknown',
    says: /\.no_such\./,
    offer: async (models, from, version) => {
      const name = await windowedIn(models, from)
      const renamed = { [name]: name.replace(/\.\w+\./, '.no_such.') }
      await activate(models, await addVariant(models, from, version, { renamed }))
    },
  },
  {
    name: 'a feature looks back further than histories are kept',
    refusal: 'feature_unknown',
    says: /further than histories are kept/,
    offer: async (models, from, version) => {
      const name = await windowedIn(models, from)
      const renamed = { [name]: name.replace(/\w+$/, '3000d') }
      await activate(models, await addVariant(models, from, version, { renamed }))
    },
  },
  {
    name: 'a golden vector is off',
    refusal: 'model_unverified',
    says: /golden vector 1 gives/,
    offer: broken(({ models, model }) =>
      changeManifest(models, model, ({ goldenVectors, ...manifest }) => ({
        ...manifest,
        goldenVectors: goldenVectors.map(({ row, probability }, i) => ({
          row,
          probability: i === 1 ? 1 - probability : probability,
        })),
      })),
    ),
  },
  {
    name: 'the weights are NaN',
    refusal: 'model_unverified',
    says: /golden vector 0 gives no finite number/,
    offer: reweighed((weights) => {
      for (let at = 0; at < weights.length; at += 4) weights.writeFloatLE(NaN, at)
      return weights
    }),
  },
  {
    name: 'there are too few weights',
    refusal: 'model_invalid',
    says: /bytes of weights/,
    offer: reweighed((weights) => weights.subarray(4)),
  },
  {
    name: 'the network takes another number of inputs',
    refusal: 'model_invalid',
    says: /does not take/,
    offer: broken(({ models, model }) =>
      changeManifest(
        models,
        model,
        ({ features, goldenVectors, reasonGroups, baseline: _baseline, ...manifest }) => {
          const gone = features[0]?.name ?? ''
          return {
            ...manifest,
            features: features.slice(1),
            goldenVectors: goldenVectors.map(({ row, probability }) => ({ row: row.slice(1), probability })),
            reasonGroups: reasonGroups.map(({ code, baseline }) => ({
              code,
              baseline: Object.fromEntries(Object.entries(baseline).filter(([name]) => name !== gone)),
            })),
          }
        },
      ),
    ),
  },
  {
    name: 'the manifest is no JSON',
    refusal: 'model_invalid',
    says: /expected JSON/,
    offer: broken(({ folder }) => truncate(path.join(folder, 'manifest.json'), 200)),
  },
  {
    name: 'the policy was changed',
    refusal: 'model_unverified',
    says: /expected SHA-256/,
    offer: async (models, from, version) => {
      const policy = path.join(models, `policy.${version}.yaml`)
      await writeFile(policy, await readFile(path.join(models, 'policy.yaml')))
      const active = await activeOf(models, await addVariant(models, from, version), path.basename(policy))
      await appendFile(policy, '\n')
      await writeActive(models, active)
    },
  },
  {
    name: 'the policy is no YAML',
    refusal: 'policy_invalid',
    says: /policy/,
    offer: withPolicy((text) => `${text}\n  - }`),
  },
  {
    name: 'the policy fails its own case',
    refusal: 'policy_invalid',
    says: /expected (no hit|hit), found/,
    offer: withPolicy((text) => text.replace('expect: hit', 'expect: no hit')),
  },
  {
    name: 'the policy names a feature that does not exist',
    refusal: 'policy_invalid',
    says: /card\.cuont/,
    offer: withPolicy((text) => text.replaceAll('card.count', 'card.cuont')),
  },
]

import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { version_wasm } from '@tensorflow/tfjs-backend-wasm'
import type { Active } from '../../../src/model/active.ts'
import { sealPolicy, writeActive } from '../../../src/model/activeWriter.file.ts'
import { sigmoid } from '../../../src/model/calibrate.ts'
import { sha256 } from '../../../src/model/canonical.ts'
import { signForTest } from './signing.ts'
import { parseManifest, type Manifest } from '../../../src/model/manifest.ts'

export const readManifest = async (models: string, model: string): Promise<Manifest> => {
  const file = path.join(models, model, 'manifest.json')
  return parseManifest(await readFile(file, 'utf8'), file)
}

/** @param change may break it: what is written is not checked */
export const changeManifest = async (
  models: string,
  model: string,
  change: (manifest: Manifest) => unknown,
): Promise<void> => {
  const changed = change(await readManifest(models, model))
  await writeFile(path.join(models, model, 'manifest.json'), JSON.stringify(changed))
}

export type Variation = {
  /** Added to the log-odds of each score. */
  readonly shift?: number
  /** Features by the name that takes their place. */
  readonly renamed?: Readonly<Record<string, string>>
  /** Features, by their new names, that it can do without. */
  readonly optional?: readonly string[]
}

/** A feature of the model with a window: what can be renamed into another window, or into nonsense. */
export const windowedIn = async (models: string, model: string): Promise<string> => {
  const { features } = await readManifest(models, model)
  const found = features.find(({ name }) => /^\w+\.\w+\.\d+[mhd]$/.test(name))
  if (found === undefined) throw new Error(`${model} has no feature with a window`)
  return found.name
}

const shifted = (calibration: Manifest['calibration'], shift: number): Manifest['calibration'] => {
  if (calibration.kind !== 'platt') throw new Error('only scores calibrated by Platt can be shifted')
  return { ...calibration, b: calibration.b + shift }
}

/** A signed copy of a model under another version that gives other scores, or asks for other features, and is as sound. */
export const addVariant = async (
  models: string,
  from: string,
  version: string,
  { shift = 0, renamed = {}, optional = [] }: Variation = {},
): Promise<string> => {
  const model = path.join(path.dirname(from), version)
  await cp(path.join(models, from), path.join(models, model), { recursive: true })
  const nameOf = (name: string): string => renamed[name] ?? name
  const byNewName = <Of>(given: Readonly<Record<string, Of>>): Readonly<Record<string, Of>> =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [nameOf(name), value]))
  await changeManifest(models, model, (manifest) => ({
    ...manifest,
    version,
    features: manifest.features.map((feature) => ({
      ...feature,
      name: nameOf(feature.name),
      ...(optional.includes(nameOf(feature.name)) ? { optional: true } : {}),
    })),
    reasonGroups: manifest.reasonGroups.map(({ code, baseline }) => ({
      code,
      baseline: byNewName(baseline),
    })),
    ...(manifest.baseline && {
      baseline: { ...manifest.baseline, features: byNewName(manifest.baseline.features) },
    }),
    calibration: shifted(manifest.calibration, shift),
    goldenVectors: manifest.goldenVectors.map(({ row, probability }) => ({
      row,
      probability: sigmoid(Math.log(probability / (1 - probability)) + shift),
    })),
  }))
  await signForTest(models, model)
  return model
}

/** What active.json would say of a model on WASM; nothing is measured or checked. */
export const activeOf = async (models: string, model: string, policy = 'policy.yaml'): Promise<Active> => ({
  activeVersion: 1,
  champion: {
    path: model,
    manifestSha256: sha256(await readFile(path.join(models, model, 'manifest.json'))),
    pin: { backend: 'wasm', version: version_wasm, batchShapes: [] },
  },
  challengers: [],
  policy: await sealPolicy(models, policy),
})

export const activate = async (models: string, model: string, policy?: string): Promise<Active> => {
  const active = await activeOf(models, model, policy)
  await writeActive(models, active)
  return active
}

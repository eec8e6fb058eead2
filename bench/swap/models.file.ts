import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import type { Active } from '../../src/model/active.ts'
import { knownBundle, type Known } from '../../test/support/model/decidedBy.ts'
import { activeOf, addVariant, windowedIn } from '../../test/support/model/variants.ts'

export type Sound = { readonly active: Active; readonly known: Known }

/** A models folder of its own with several bundles that may decide. */
export type SwapModels = {
  readonly folder: string
  /** The one that the others are copies of. */
  readonly first: string
  readonly sound: readonly Sound[]
  readonly remove: () => Promise<void>
}

const shipped = fileURLToPath(new URL('../../models', import.meta.url))
const first = 'payment-risk/1'

/** The shipped model, two that score a little otherwise, and one that wants a feature which no other computes. */
export const openSwapModels = async (): Promise<SwapModels> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-swap-'))
  await cp(shipped, folder, { recursive: true })
  const windowed = await windowedIn(folder, first)
  const models = [
    first,
    await addVariant(folder, first, 'up', { shift: 0.05 }),
    await addVariant(folder, first, 'down', { shift: -0.05 }),
    await addVariant(folder, first, 'window', { renamed: { [windowed]: windowed.replace(/\w+$/, '37m') } }),
  ]
  const sound: Sound[] = []
  for (const model of models) {
    const active = await activeOf(folder, model)
    sound.push({ active, known: await knownBundle(folder, active) })
  }
  await writeActive(folder, sound[0]!.active)
  return {
    folder,
    first,
    sound,
    remove: async () => {
      for (const { known } of sound) known.dispose()
      await rm(folder, { recursive: true })
    },
  }
}

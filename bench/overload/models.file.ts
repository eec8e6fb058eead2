import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeActive } from '../../src/model/activeWriter.file.ts'
import { activeOf, addVariant } from '../../test/support/model/variants.ts'

export type ShadowedModels = { readonly folder: string; readonly remove: () => Promise<void> }

const shipped = fileURLToPath(new URL('../../models', import.meta.url))
const champion = 'payment-risk/1'

/** A models folder of its own: the shipped model decides, and a variant is in shadow, so that there is a challenger to leave out. */
export const openShadowedModels = async (): Promise<ShadowedModels> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-overload-'))
  await cp(shipped, folder, { recursive: true })
  const inShadow = await addVariant(folder, champion, 'shadow', { shift: 0.05 })
  const [active, shadow] = [await activeOf(folder, champion), await activeOf(folder, inShadow)]
  await writeActive(folder, { ...active, challengers: [shadow.champion] })
  return { folder, remove: () => rm(folder, { recursive: true }) }
}

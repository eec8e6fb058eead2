import { misspeltKeys, readConfig, type Settings } from '../../config.ts'
import { SluiceError } from '../../errors.ts'
import { readRates } from '../../features/rates.file.ts'
import { reasonOf } from './finding.ts'
import type { SettingsFacts } from './settingsFindings.ts'

const problemOf = (): string | null => {
  try {
    readConfig()
    return null
  } catch (error) {
    if (error instanceof SluiceError) return reasonOf(error).replaceAll(/\s+/g, ' ')
    throw error
  }
}

/** What the environment and the files it names are like. Never rejects for them. */
export const gatherSettingsFacts = async ({ ratesFile, baseCurrency }: Settings): Promise<SettingsFacts> => ({
  problem: problemOf(),
  misspelt: misspeltKeys(),
  rates: await readRates(ratesFile, baseCurrency).then(({ length }) => length, reasonOf),
})

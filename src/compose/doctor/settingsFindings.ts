import { failed, ok, warning, type Finding } from './finding.ts'

export type SettingsFacts = {
  /** Why `sluice run` would refuse this environment; null where it would not. */
  readonly problem: string | null
  readonly misspelt: readonly { readonly given: string; readonly meant: string }[]
  /** How many exchange rates there are, or why they cannot be read. */
  readonly rates: number | string
}

const environment = ({ problem }: SettingsFacts): Finding => {
  const expected = 'all that sluice run needs'
  return problem === null
    ? ok('settings: environment', { found: 'complete', expected })
    : warning('settings: environment', {
        found: problem,
        expected,
        advice: 'set it where sluice run is started; the other checks do without',
      })
}

const misspelling = ({ given, meant }: SettingsFacts['misspelt'][number]): Finding =>
  warning(`settings: ${given}`, {
    found: 'not a key',
    expected: `a key; is ${meant} meant?`,
    advice: 'rename or remove the variable',
  })

const rates = ({ rates: found }: SettingsFacts): Finding => {
  const expected = 'a table of exchange rates, or none'
  return typeof found === 'number'
    ? ok('settings: exchange rates', { found: found === 0 ? 'none' : `rates: ${found}`, expected })
    : failed('settings: exchange rates', {
        found,
        expected,
        advice: 'correct the file that SLUICE_RATES_FILE names',
      })
}

export const settingsFindings = (facts: SettingsFacts): readonly Finding[] => [
  environment(facts),
  ...facts.misspelt.map(misspelling),
  rates(facts),
]

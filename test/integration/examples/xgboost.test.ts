import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run as model } from '../../../src/commands/model.ts'
import { run as replay } from '../../../src/commands/replay.ts'
import { run as score } from '../../../src/commands/score.ts'
import { run as simulate } from '../../../src/commands/simulate.ts'
import { openBackend } from '../../../src/model/backend.ts'
import { sigmoid } from '../../../src/model/calibrate.ts'
import { compileForest } from '../../../src/model/trees/compileForest.ts'
import { printed, scoresIn } from '../../support/printed.ts'
import { pythonWith } from '../../support/python.ts'
import { logOddsOn } from '../../support/trees/evaluate.ts'
import { libraryModels, readLibraryModel } from '../../support/trees/library.ts'

const minutesMs = 60_000
const features = [
  'payment.amount',
  'payment.hour',
  'account.count.1h',
  'account.zscore_amount.30d',
  'account_device.is_new',
  'account_payee.is_new',
  'payee.sum.24h',
  'device.distinct_account.7d',
]
const python = await pythonWith(path.resolve('examples/xgboost/requirements.txt'))

let folder: string
const at = (name: string): string => path.join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-xgboost-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.runIf(python !== null)('300 trees of depth 6', () => {
  beforeAll(async () => {
    await python!(path.resolve('test/support/trees/libraryScores.py'), [at('library'), '300', '6', '500'])
  }, 5 * minutesMs)

  it.each(libraryModels)(
    'give what the library that is installed here gives, at every threshold and beside it: %s',
    async (name) => {
      const { forest, rows, probabilities } = readLibraryModel(at('library'), name)
      expect(rows.length).toBeGreaterThan(2_000)
      const logOdds = await logOddsOn(await openBackend('trees'), compileForest(forest), rows)
      const off = probabilities.filter((each, row) => !(Math.abs(sigmoid(logOdds[row]!) - each) < 1e-5))
      expect(off).toEqual([])
    },
    minutesMs,
  )
})

describe.runIf(python !== null)('trees that XGBoost trained on what replay wrote', () => {
  it(
    'are imported, signed, promoted, and give its own scores',
    async () => {
      await printed(simulate, ['--seed', '1', '--days', '8', '--accounts', '400', '--out', at('world')])
      const inputs = ['--payments', at('world/payments.csv.gz'), '--features', features.join(',')]
      await printed(replay, [...inputs, '--out', at('features.csv')])
      await writeFile(at('reasons.yaml'), 'UNUSUAL_AMOUNT: [payment.amount]\n')
      await mkdir(at('models'))
      await writeFile(at('models/policy.yaml'), 'version: 1\n')

      const files = ['--features', at('features.csv'), '--labels', at('world/labels.csv.gz')]
      const others = ['--scores', at('theirs.csv'), '--reasons', at('reasons.yaml'), '--models', at('models')]
      const sluice = ['--sluice', `${process.execPath} --import tsx src/main.ts`]
      await python!(path.resolve('examples/xgboost/train.py'), [...files, ...others, ...sluice])

      const name = 'xgboost-example/1'
      const models = ['--models', at('models')]
      await printed(model, ['keygen', 'me', '--out', at('me.pem'), ...models])
      await printed(model, ['sign', name, '--key', at('me.pem'), ...models])
      expect(await printed(model, ['promote', name, ...models, '--backend', 'trees'])).toMatchObject({
        active: { champion: { path: name, pin: { backend: 'trees' } } },
        refused: [],
      })
      expect(await printed(model, ['verify', ...models])).toMatchObject({ verified: name, signedBy: 'me' })

      await printed(score, [
        '--model',
        at(`models/${name}`),
        '--features',
        at('features.csv'),
        '--out',
        at('ours.csv'),
      ])
      const [theirs, ours] = [await scoresIn(at('theirs.csv')), await scoresIn(at('ours.csv'))]
      expect(ours.size).toBe(theirs.size)
      expect(ours.size).toBeGreaterThan(3_000)
      const off = [...theirs].filter(([id, value]) => !(Math.abs(ours.get(id)! - value) < 1e-5))
      expect(off).toEqual([])
    },
    5 * minutesMs,
  )
})

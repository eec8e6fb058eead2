import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run as model } from '../../../src/commands/model.ts'
import { run as replay } from '../../../src/commands/replay.ts'
import { run as score } from '../../../src/commands/score.ts'
import { run as simulate } from '../../../src/commands/simulate.ts'
import { openBackend } from '../../../src/model/backend.ts'
import { printed, scoresIn } from '../../support/printed.ts'
import { pythonWith } from '../../support/python.ts'

const minutesMs = 60_000
const train = path.resolve('examples/keras/train.py')
const features =
  'payment.amount,payment.hour,account.count.1h,account.zscore_amount.30d,account_device.is_new,' +
  'account_payee.is_new,payee.sum.24h,device.distinct_account.7d'

const python = await pythonWith(path.resolve('examples/keras/requirements.txt'))
const tfjsNode = await openBackend('tfjs-node').then(
  () => true,
  () => false,
)

let folder: string
const at = (name: string): string => path.join(folder, name)

describe.runIf(python !== null)('a network that Keras trained on what replay wrote', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sluice-keras-'))
    await printed(simulate, ['--seed', '1', '--days', '8', '--accounts', '400', '--out', at('world')])
    const inputs = ['--payments', at('world/payments.csv.gz'), '--features', features]
    await printed(replay, [...inputs, '--out', at('features.csv')])
    await writeFile(at('reasons.json'), JSON.stringify({ UNUSUAL_AMOUNT: ['payment.amount'] }))
    await writeFile(at('policy.yaml'), 'version: 1\n')
    await printed(model, ['keygen', 'me', '--out', `${folder}.pem`, '--models', folder])
  }, 5 * minutesMs)
  afterAll(async () => {
    await rm(folder, { recursive: true })
    await rm(`${folder}.pem`)
  })

  it.each([
    ['tf-saved-model', 'tfjs-node'],
    ['tfjs-graph', 'wasm'],
    ['tfjs-graph', 'cpu'],
  ] as const)(
    'is signed, promoted and gives its own scores: %s on %s',
    async (format, engine) => {
      if (engine === 'tfjs-node' && !tfjsNode) {
        process.stdout.write('skipped: tfjs-node cannot run here\n')
        return
      }
      const name = `${format}/${engine}`
      const files = ['--features', at('features.csv'), '--labels', at('world/labels.csv.gz')]
      const artifact = ['--models', folder, '--id', format, '--version', engine, '--format', format]
      const others = ['--scores', at('theirs.csv'), '--reasons', at('reasons.json'), '--epochs', '2']
      await python!(train, [...files, ...artifact, ...others])

      const models = ['--models', folder]
      await printed(model, ['sign', name, '--key', `${folder}.pem`, ...models])
      expect(await printed(model, ['promote', name, ...models, '--backend', engine])).toMatchObject({
        active: { champion: { path: name, pin: { backend: engine } } },
        refused: [],
      })
      expect(await printed(model, ['verify', ...models])).toMatchObject({ verified: name, signedBy: 'me' })

      const ours = ['--features', at('features.csv'), '--out', at('ours.csv'), '--backend', engine]
      await printed(score, ['--model', at(name), ...ours])
      const [theirs, found] = [await scoresIn(at('theirs.csv')), await scoresIn(at('ours.csv'))]
      expect(found.size).toBe(theirs.size)
      expect(found.size).toBeGreaterThan(3_000)
      const off = [...theirs].filter(([id, value]) => !(Math.abs(found.get(id)! - value) < 1e-5))
      expect(off).toEqual([])
    },
    3 * minutesMs,
  )
})

import { SluiceError } from '../../errors.ts'
import { createPaymentCodec } from '../../stream/codec/payment.ts'
import { loadSchemas } from '../../stream/codec/schemas.file.ts'
import { openSeedStores, type SeedStores } from '../seedStores.redis.ts'
import { createWorld, type World } from '../simulator/world.ts'
import type { Identity } from './identity.ts'
import { livePast, type Past } from './past.ts'
import type { Servers } from './servers.process.ts'
import { pastDays, type Setting } from './setting.ts'
import { count } from './show/numbers.ts'
import { worldStart } from './window.ts'

const paymentsPerLook = 1_024

const paymentsOf = ({ options }: Setting): number =>
  Math.max(1, Math.round(options.seconds * options.ratePerSecond))

/** The world that the run is to show. @throws SluiceError USAGE where it would have to be older than a year */
export const worldOf = (setting: Setting): World => {
  const { accounts, seed } = setting.options
  const payments = paymentsOf(setting)
  const { paymentsPerDay } = createWorld({ seed, accounts, startAt: 0 }).options
  const startAt = worldStart({
    now: setting.now(),
    pastDays,
    payments,
    paymentsPerDay: paymentsPerDay * accounts,
  })
  if (startAt !== null) return createWorld({ seed, accounts, startAt })
  throw new SluiceError(
    'USAGE',
    `${accounts} accounts make ${count(payments)} payments in more than a year: ask for more --accounts or fewer payments`,
  )
}

/** A database that was there before must be empty, and is again at the end. */
const openStores = async (
  { endings, watch, settings }: Setting,
  { redisUrl, given }: Servers,
  hashKey: Buffer,
): Promise<SeedStores> => {
  const stores = await watch.during(
    openSeedStores({ url: redisUrl, access: settings.access.redis, hashKey, baseCurrency: 'EUR' }),
  )
  endings.add('closing Redis', stores.close)
  if (given.redis) {
    if (!(await watch.during(stores.isEmpty())))
      throw new SluiceError(
        'USAGE',
        'the demo needs an empty Redis database: choose another with SLUICE_REDIS_URL (…/N)',
      )
    endings.add('clearing Redis', stores.clear)
  }
  return stores
}

export type OpenedPast = {
  /** Lets a world run up to now and remembers its past. */
  readonly remember: () => Promise<Past>
}

/** The stores are opened here, before anything that reads them, and so are closed and cleared after it. */
export const openPast = async (
  setting: Setting,
  world: World,
  servers: Servers,
  identity: Identity,
): Promise<OpenedPast> => {
  const { screen, endings, watch, monotonic } = setting
  const stores = await openStores(setting, servers, identity.hashKey)
  // Before the first day nothing happened, and that is known.
  await watch.during(stores.declareCovered(0))
  const codec = createPaymentCodec(await loadSchemas(setting.settings.schemasDir))

  const remember = async (): Promise<Past> => {
    const startedAt = monotonic()
    let given = true
    const work = livePast(
      { world, untilAt: setting.now(), payments: paymentsOf(setting) },
      {
        seed: (batch) =>
          given ? stores.seed(batch) : Promise.reject(new SluiceError('STOPPED', 'given up')),
        deviceStates: stores.deviceStates,
        contentHash: (payment) => stores.hasher.hashContent(codec.body(payment)),
        onPayments: (seeded) => {
          if (seeded % paymentsPerLook !== 0) return
          const perSecond = Math.round((seeded * 1_000) / (monotonic() - startedAt))
          screen.draw([`         ${count(seeded)} payments of the past remembered, ${count(perSecond)}/s`])
        },
      },
    )
    endings.add('giving the past up', async () => {
      given = false
      await work.catch(() => undefined)
    })
    const past = await watch.during(work)
    screen.draw([])
    return past
  }
  return { remember }
}

import { cities, near, type City, type Point } from './places.ts'
import { weightedIndex, type Rng } from './rng.ts'

/** A line of business: what a purchase costs, and how often people make one. */
export type Trade = {
  /** ISO 18245. */
  readonly mcc: string
  readonly medianMinor: number
  /** Deviation of the logarithm of the amount. */
  readonly sigma: number
  /** Purchases of an average person, relative to the other trades. */
  readonly weight: number
  readonly online: boolean
  /** Chance that a purchase is the first of several within minutes. */
  readonly burst?: number
}

export const trades: readonly Trade[] = [
  { mcc: '5411', medianMinor: 2600, sigma: 0.75, weight: 30, online: false },
  { mcc: '5814', medianMinor: 950, sigma: 0.45, weight: 12, online: false },
  { mcc: '5812', medianMinor: 2900, sigma: 0.6, weight: 9, online: false },
  { mcc: '4111', medianMinor: 320, sigma: 0.5, weight: 8, online: false },
  { mcc: '5541', medianMinor: 5200, sigma: 0.4, weight: 5, online: false },
  { mcc: '5912', medianMinor: 1500, sigma: 0.7, weight: 5, online: false },
  { mcc: '5651', medianMinor: 5200, sigma: 0.75, weight: 4, online: false },
  { mcc: '5311', medianMinor: 4200, sigma: 0.85, weight: 4, online: false },
  { mcc: '5813', medianMinor: 1300, sigma: 0.55, weight: 4, online: false, burst: 0.2 },
  { mcc: '5200', medianMinor: 3800, sigma: 0.9, weight: 2, online: false },
  { mcc: '4121', medianMinor: 1500, sigma: 0.5, weight: 2, online: false },
  { mcc: '5732', medianMinor: 13000, sigma: 1, weight: 1.4, online: false },
  { mcc: '7011', medianMinor: 14000, sigma: 0.6, weight: 0.8, online: false },
  { mcc: '5712', medianMinor: 19000, sigma: 0.9, weight: 0.5, online: false },
  { mcc: '5944', medianMinor: 16000, sigma: 1, weight: 0.3, online: false },
  { mcc: '5399', medianMinor: 3100, sigma: 0.95, weight: 9, online: true },
  { mcc: '5815', medianMinor: 900, sigma: 0.7, weight: 5, online: true, burst: 0.1 },
  { mcc: '5816', medianMinor: 500, sigma: 0.8, weight: 4, online: true, burst: 0.3 },
  { mcc: '4899', medianMinor: 1200, sigma: 0.3, weight: 3, online: true },
  { mcc: '5734', medianMinor: 16000, sigma: 1, weight: 1.2, online: true },
  { mcc: '5691', medianMinor: 6000, sigma: 0.7, weight: 3, online: true },
  { mcc: '4511', medianMinor: 21000, sigma: 0.8, weight: 0.7, online: true },
  { mcc: '7995', medianMinor: 2500, sigma: 1, weight: 1, online: true, burst: 0.3 },
  { mcc: '6051', medianMinor: 15000, sigma: 1.1, weight: 0.4, online: true },
  { mcc: '8398', medianMinor: 1500, sigma: 0.9, weight: 0.6, online: true },
]

export const cashMcc = '6011'

export type Merchant = Point & {
  readonly index: number
  readonly merchantId: string
  readonly trade: Trade
  readonly city: City
  /** Multiplies the trade's median. */
  readonly priceLevel: number
  /** Chance to be chosen, relative to its neighbours in the same trade. */
  readonly popularity: number
}

/** The shops of one city, or all online shops, with a quick way to choose one. */
export type Market = {
  readonly merchants: readonly Merchant[]
  readonly pick: (rng: Rng) => Merchant
  readonly pickOf: (rng: Rng, suits: (trade: Trade) => boolean) => Merchant
}

const createMarket = (merchants: readonly Merchant[]): Market => {
  const index = weightedIndex(merchants.map((merchant) => merchant.trade.weight * merchant.popularity))
  const pick = (rng: Rng): Merchant => merchants[index(rng)] ?? rng.pick(merchants)
  const pickOf = (rng: Rng, suits: (trade: Trade) => boolean): Merchant =>
    rng.pick(merchants.filter((merchant) => suits(merchant.trade)))
  return { merchants, pick, pickOf }
}

export type Markets = {
  readonly all: readonly Merchant[]
  readonly online: Market
  readonly in: (city: City) => Market
}

const totalWeight = cities.reduce((sum, city) => sum + city.weight, 0)
const tradeWeight = trades.reduce((sum, trade) => sum + trade.weight, 0)

/** Shops in proportion to the people that visit them; popularity within a trade falls as 1/rank does. */
export const createMarkets = (rng: Rng, accounts: number, token: (index: number) => string): Markets => {
  const all: Merchant[] = []
  const open = (trade: Trade, city: City, rank: number): Merchant => {
    const index = all.length
    const merchant = {
      index,
      merchantId: token(index),
      trade,
      city,
      ...near(rng, city, 5),
      priceLevel: rng.logNormal(1, 0.3),
      popularity: 1 / (rank + 1),
    }
    all.push(merchant)
    return merchant
  }
  const shops = (trade: Trade, city: City, count: number): readonly Merchant[] =>
    Array.from({ length: count }, (_, rank) => open(trade, city, rank))
  const perPerson = 0.12
  const count = (trade: Trade, share: number): number =>
    1 + Math.floor((accounts * share * perPerson * trade.weight) / tradeWeight)
  const byCity = new Map(
    cities.map((city) => {
      const local = trades.filter((trade) => !trade.online)
      return [
        city,
        createMarket(local.flatMap((trade) => shops(trade, city, count(trade, city.weight / totalWeight)))),
      ]
    }),
  )
  const online = createMarket(
    trades
      .filter((trade) => trade.online)
      .flatMap((trade) => {
        const many = 4 + count(trade, 1)
        return Array.from({ length: many }, (_, rank) => open(trade, rng.pick(cities), rank))
      }),
  )
  return {
    all,
    online,
    in: (city) => {
      const market = byCity.get(city)
      if (market === undefined) throw new RangeError(`no shops in ${city.name}`)
      return market
    },
  }
}

const amount = /^(\d{1,11})(?:\.(\d{1,2}))?$/

/** Minor units of an amount with at most two decimals, without a fraction in between; undefined for anything else. */
export const toMinor = (text: string): number | undefined => {
  const parts = amount.exec(text)
  if (parts === null) return undefined
  const [, whole = '', decimals = ''] = parts
  return Number(whole + decimals.padEnd(2, '0'))
}

const moment = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})Z?$/

/** Epoch milliseconds of `2018-04-01T00:00:31Z`, as the handbook writes it too: `2018-04-01 00:00:31`, in UTC. */
export const toEpochMs = (text: string): number | undefined => {
  const parts = moment.exec(text)
  if (parts === null) return undefined
  const iso = `${parts[1]}T${parts[2]}.000Z`
  const at = Date.parse(iso)
  // 30 February is the second of March to a parser, and 24:00 another day.
  return Number.isNaN(at) || new Date(at).toISOString() !== iso ? undefined : at
}

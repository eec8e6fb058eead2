/** The part of V8's .cpuprofile that is read. Times in microseconds. */
export type CpuProfile = {
  readonly startTime: number
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export type SelfTime = { readonly where: string; readonly micros: number }

/** Path from the package's own or another's folder on, and the line. */
const placeOf = ({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string => {
  const file = /(?:node_modules|dist)\/.*$/.exec(url)?.[0] ?? url
  const name = functionName === '' ? '(anonymous)' : functionName
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`
}

/** Self time of each function between two moments (ms since the profile began), longest first. */
export const selfTimes = (profile: CpuProfile, fromMs: number, toMs: number): readonly SelfTime[] => {
  const places = new Map(profile.nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const sums = new Map<string, number>()
  let at = 0
  profile.samples.forEach((node, i) => {
    const delta = profile.timeDeltas[i] ?? 0
    at += delta
    if (at < fromMs * 1_000 || at >= toMs * 1_000) return
    const place = places.get(node) ?? 'unknown'
    sums.set(place, (sums.get(place) ?? 0) + delta)
  })
  return [...sums].map(([where, micros]) => ({ where, micros })).toSorted((a, b) => b.micros - a.micros)
}

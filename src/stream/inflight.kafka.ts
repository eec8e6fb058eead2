import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

/** What kafkajs's queue of requests uses of a map. */
export type Inflight<R> = {
  readonly size: number
  has(id: number): boolean
  get(id: number): R | undefined
  set(id: number, request: R): void
  delete(id: number): boolean
  values(): Iterable<R>
  forEach(use: (request: R) => void): void
  clear(): void
}

/** Requests by correlation id, in a list: there are a few at a time. */
export const createInflight = <R>(): Inflight<R> => {
  const ids: number[] = []
  const requests: R[] = []
  const remove = (place: number): void => {
    const [lastId, last] = [ids.pop(), requests.pop()]
    if (lastId === undefined || last === undefined || place === ids.length) return
    ids[place] = lastId
    requests[place] = last
  }
  return {
    get size() {
      return ids.length
    },
    has: (id) => ids.includes(id),
    get: (id) => requests[ids.indexOf(id)],
    set: (id, request) => {
      ids.push(id)
      requests.push(request)
    },
    delete: (id) => {
      const place = ids.indexOf(id)
      if (place >= 0) remove(place)
      return place >= 0
    },
    values: () => [...requests],
    forEach: (use) => {
      for (const request of requests.slice()) use(request)
    },
    clear: () => {
      ids.length = 0
      requests.length = 0
    },
  }
}

/** What the patch touches; the tests hand in other parts. */
export type InflightParts = { readonly version: string; readonly prototype: object }

/**
 * kafkajs keeps the requests that are under way in a Map. One that lives long and changes with each request leaves its
 * outgrown tables behind, and each of those keeps the next one alive, with the request that was in it and what hangs on
 * that, until the old generation is collected: young collections then copy what is long done.
 * The prototype is changed only in the version that this was proved with.
 * @returns whether it is patched now
 */
export const patchInflight = (
  warn: (message: string) => void,
  parts: InflightParts = loadKafkajs(),
): boolean => {
  const { version, prototype } = parts
  if (Object.hasOwn(prototype, 'inflight')) return true
  if (version !== provedVersion) {
    warn(`kafkajs ${version}: its table of requests is left as it is; expect longer garbage collections`)
    return false
  }
  // The constructor assigns its Map to `inflight`, which comes here.
  Object.defineProperty(prototype, 'inflight', {
    set(this: object) {
      Object.defineProperty(this, 'inflight', { value: createInflight() })
    },
  })
  return true
}

const loadKafkajs = (): InflightParts => {
  const { prototype } = partOfKafkajs('network/requestQueue') as { readonly prototype: object }
  return { version: installedVersion(), prototype }
}

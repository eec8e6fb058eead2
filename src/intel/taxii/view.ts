/** A STIX object as it is served. */
export type ServedObject = {
  readonly id: string
  readonly type: string
  readonly specVersion: string
  /** `modified` as the object has it. */
  readonly version: string
  /** The same, microseconds since 1970: read once, as a request may ask for hundreds of versions of all objects. */
  readonly versionUs: number
  readonly markingRefs: readonly string[]
  /** When it was added, microseconds since 1970: no two the same, and rising. */
  readonly addedUs: number
  /** The object's JSON. */
  readonly text: string
}

/** The newest version of each object, in the order in which they were added. */
export type View = {
  readonly add: (object: ServedObject) => void
  readonly get: (id: string) => ServedObject | undefined
  /** Those that were added later; found without a look at those before. */
  readonly addedAfter: (us: number) => Iterable<ServedObject>
  readonly size: () => number
  /** How many were forgotten because there were too many: those that were added first. */
  readonly forgotten: () => number
}

/** The first place whose object was added later. */
const placeAfter = (objects: readonly ServedObject[], us: number): number => {
  let [low, high] = [0, objects.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((objects[middle]?.addedUs ?? Infinity) <= us) low = middle + 1
    else high = middle
  }
  return low
}

/** @param most objects that are kept */
export const createView = (most: number): View => {
  const byId = new Map<string, ServedObject>()
  /** All that were added, also what a newer version has replaced: at most as many of those as of the others. */
  let added: ServedObject[] = []
  let forgotten = 0
  const isNewest = (object: ServedObject): boolean => byId.get(object.id) === object
  return {
    add: (object) => {
      // A map keeps the order of insertion, so the newest version goes to the end.
      byId.delete(object.id)
      byId.set(object.id, object)
      if (byId.size > most) {
        const [oldest] = byId.keys()
        if (oldest !== undefined) byId.delete(oldest)
        forgotten++
      }
      added.push(object)
      if (added.length > 2 * byId.size) added = added.filter(isNewest)
    },
    get: (id) => byId.get(id),
    *addedAfter(us) {
      const all = added
      for (let at = placeAfter(all, us); at < all.length; at++) {
        const object = all[at]
        if (object !== undefined && isNewest(object)) yield object
      }
    },
    size: () => byId.size,
    forgotten: () => forgotten,
  }
}

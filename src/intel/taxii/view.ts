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
  readonly objects: () => Iterable<ServedObject>
  readonly size: () => number
  /** How many were forgotten because there were too many: those that were added first. */
  readonly forgotten: () => number
}

/** @param most objects that are kept */
export const createView = (most: number): View => {
  const byId = new Map<string, ServedObject>()
  let forgotten = 0
  return {
    add: (object) => {
      // A map keeps the order of insertion, so the newest version goes to the end.
      byId.delete(object.id)
      byId.set(object.id, object)
      if (byId.size <= most) return
      const [oldest] = byId.keys()
      if (oldest !== undefined) byId.delete(oldest)
      forgotten++
    },
    objects: () => byId.values(),
    size: () => byId.size,
    forgotten: () => forgotten,
  }
}

import type { Pin } from './pin.ts'

/** How exactly the pin's version is meant. */
export type Strictness = 'as pinned' | 'any version'

/** The engine that scores: name and version. */
export type Engine = Pick<Pin, 'backend' | 'version'>

export const engineText = ({ backend, version }: Engine): string => `${backend} ${version}`

export const isAsPinned = (engine: Engine, pin: Pin): boolean =>
  engine.backend === pin.backend && engine.version === pin.version

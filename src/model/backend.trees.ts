import { SluiceError } from '../errors.ts'
import type { Backend } from './backend.ts'
import { createWalk } from './trees/walk.ts'

/** Changes with the arithmetic of `walk.ts`: a pin to another version is not honoured. */
const version = '1'

/** Trees in plain JavaScript, without TF.js: leaves the thread's TF.js engine as it is. Runs no networks. */
export const openTrees = (): Promise<Backend> =>
  Promise.resolve({
    name: 'trees',
    version,
    load: (network) =>
      network.format === 'trees'
        ? Promise.resolve(createWalk(network.ensemble))
        : Promise.reject(
            new SluiceError(
              'BACKEND_UNAVAILABLE',
              `the engine trees runs models of format trees, this one is ${network.format}`,
            ),
          ),
    tensorCount: () => 0,
  })

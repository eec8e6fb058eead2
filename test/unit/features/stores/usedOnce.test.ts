import { describe } from 'vitest'
import { createMemoryUsedOnce } from '../../../../src/features/usedOnce.memory.ts'
import { usedOnce } from '../../../support/conformance/usedOnce.ts'

describe('in memory', () => usedOnce(() => Promise.resolve(createMemoryUsedOnce())))

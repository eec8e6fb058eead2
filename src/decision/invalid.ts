import { SluiceError } from '../errors.ts'

/** @param problems each names its place */
export const invalid = (...problems: readonly string[]): SluiceError =>
  new SluiceError('POLICY_INVALID', problems.join('; '), { problems })

/** Refuses a policy, naming the place that is wrong. */
export const refuse = (place: string, problem: string): never => {
  throw invalid(`${place}: ${problem}`)
}

const problemsOf = (error: unknown): readonly string[] => {
  if (error instanceof SluiceError && error.code === 'POLICY_INVALID') return error.problems
  throw error
}

/**
 * Makes all of them, and refuses once: whoever writes a policy wants to see everything that is wrong with it.
 * @throws SluiceError POLICY_INVALID with the problems of each
 */
export const makeAll = <Made extends readonly unknown[]>(
  ...makers: { readonly [At in keyof Made]: () => Made[At] }
): Made => {
  const problems: string[] = []
  const made = makers.map((make: () => unknown) => {
    try {
      return make()
    } catch (error) {
      problems.push(...problemsOf(error))
      return undefined
    }
  })
  if (problems.length > 0) throw invalid(...problems)
  return made as unknown as Made
}

/** `items.map(make)` that refuses once, with the problems of each. @throws SluiceError POLICY_INVALID */
export const makeEach = <Item, Made>(
  items: readonly Item[],
  make: (item: Item, at: number) => Made,
): readonly Made[] => makeAll<readonly Made[]>(...items.map((item, at) => () => make(item, at)))

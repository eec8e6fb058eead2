import { createTokens, PatternError, type Token } from './token.ts'
import { operators, type Comparison, type Operator, type Pattern, type Test } from './tree.ts'

/** Parentheses inside one another. */
const depthMax = 32

/**
 * Reads a STIX 2.1 pattern (STIX 2.1, part 9): all of the grammar, whether or not it can be compiled. One token ahead, so
 * time and memory grow with the length alone. @throws PatternError
 */
export const parsePattern = (pattern: string): Pattern => {
  const next = createTokens(pattern)
  let token: Token | null = next()

  const fail = (expected: string): never => {
    throw new PatternError(`expected ${expected}`, token?.at ?? pattern.length)
  }
  const advance = (): void => {
    token = next()
  }
  const isSign = (text: string): boolean => token?.kind === 'sign' && token.text === text
  const isWord = (text: string): boolean => token?.kind === 'word' && token.text === text
  const take = (text: string): boolean => {
    if (!isSign(text) && !isWord(text)) return false
    advance()
    return true
  }
  const expect = (text: string): void => {
    if (!take(text)) fail(text)
  }
  const takeConstant = (): string | null => {
    if (token?.kind === 'text') {
      const { text } = token
      advance()
      return text
    }
    if (token?.kind === 'other' || isWord('true') || isWord('false')) {
      advance()
      return null
    }
    return fail('a constant')
  }

  const readStep = (): string => {
    if (token?.kind !== 'word' && token?.kind !== 'text') return fail('the name of a property')
    const { text } = token
    advance()
    return text
  }

  const readIndex = (): string => {
    if (!isSign('*') && token?.kind !== 'other') return fail('a number or *')
    const text = token?.text ?? ''
    advance()
    expect(']')
    return `[${text}]`
  }

  const readPath = (): Pick<Test, 'object' | 'path'> => {
    if (token?.kind !== 'word') return fail('the type of an object')
    const object = token.text
    advance()
    expect(':')
    let path = readStep()
    for (;;) {
      if (take('.')) path += `.${readStep()}`
      else if (take('[')) path += readIndex()
      else return { object, path }
    }
  }

  const readSet = (): readonly (string | null)[] => {
    expect('(')
    const values: (string | null)[] = []
    do values.push(takeConstant())
    while (take(','))
    expect(')')
    return values
  }

  const aliases: ReadonlyMap<string, Operator> = new Map([
    ['==', '='],
    ['<>', '!='],
  ])
  const readOperator = (): Operator => {
    const text = token?.kind === 'word' || token?.kind === 'sign' ? token.text : ''
    const operator = aliases.get(text) ?? operators.find((each) => each === text && each !== 'EXISTS')
    if (operator === undefined) return fail('an operator')
    advance()
    return operator
  }

  const readTest = (): Test => {
    if (take('EXISTS')) return { kind: 'test', ...readPath(), negated: false, operator: 'EXISTS', values: [] }
    const path = readPath()
    const negated = take('NOT')
    const operator = readOperator()
    const values = operator === 'IN' ? readSet() : [takeConstant()]
    return { kind: 'test', ...path, negated, operator, values }
  }

  /** `one word one word one`, without another depth for each. */
  const readChain = <Part, Kind extends string>(
    word: string,
    kind: Kind,
    readOne: () => Part,
  ): Part | { readonly kind: Kind; readonly parts: readonly Part[] } => {
    const first = readOne()
    if (!isWord(word)) return first
    const parts = [first]
    while (take(word)) parts.push(readOne())
    return { kind, parts }
  }

  const inside = <T>(depth: number, read: (depth: number) => T): T => {
    if (depth >= depthMax) return fail(`at most ${depthMax} parentheses inside one another`)
    const result = read(depth + 1)
    expect(')')
    return result
  }

  const readComparisons = (depth: number): Comparison => {
    const readOne = (): Comparison => (take('(') ? inside(depth, readComparisons) : readTest())
    const readAnd = (): Comparison => readChain('AND', 'and', readOne)
    return readChain('OR', 'or', readAnd)
  }

  const skipConstant = (): void => void takeConstant()
  const qualifiers: readonly (readonly [string, () => void])[] = [
    ['START', () => (skipConstant(), expect('STOP'), skipConstant())],
    ['WITHIN', () => (skipConstant(), expect('SECONDS'))],
    ['REPEATS', () => (skipConstant(), expect('TIMES'))],
  ]
  const qualify = (pattern: Pattern): Pattern => {
    let qualified = pattern
    for (;;) {
      const found = qualifiers.find(([word]) => isWord(word))
      if (found === undefined) return qualified
      advance()
      found[1]()
      // One is as good as many for what is made of it, and a long row of them is no depth.
      if (qualified.kind !== 'qualified') qualified = { kind: 'qualified', pattern, qualifier: found[0] }
    }
  }

  const readObservations = (depth: number): Pattern => {
    const readOne = (): Pattern => {
      if (take('(')) return qualify(inside(depth, readObservations))
      if (!take('[')) return fail('[')
      const comparison = readComparisons(0)
      expect(']')
      return qualify({ kind: 'observed', comparison })
    }
    const readAnd = (): Pattern => readChain('AND', 'and', readOne)
    const readOr = (): Pattern => readChain('OR', 'or', readAnd)
    return readChain('FOLLOWEDBY', 'followedBy', readOr)
  }

  const read = readObservations(0)
  if (token !== null) fail('the end')
  return read
}

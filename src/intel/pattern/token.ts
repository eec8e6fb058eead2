/** Longest pattern that is read, in UTF-16 units. */
export const patternLengthMax = 65_536

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  /** A quoted text, without its quotes and escapes. */
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  /** A number, or a literal with a letter before its quotes: hexadecimal, binary or a timestamp. */
  | { readonly kind: 'other'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }

/** A pattern that is not in the grammar: what was expected, and where. */
export class PatternError extends Error {
  readonly at: number

  constructor(expected: string, at: number) {
    super(`${expected} at character ${at + 1}`)
    this.name = 'PatternError'
    this.at = at
  }
}

const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x2028 || code === 0x2029
const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isLetter = (code: number): boolean =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
const isWord = (code: number): boolean => isLetter(code) || isDigit(code) || code === 45

const quote = 39
const backslash = 92

/** Reads one token after the other; each character is looked at a fixed number of times. @throws PatternError */
export const createTokens = (pattern: string): (() => Token | null) => {
  if (pattern.length > patternLengthMax)
    throw new PatternError(`expected at most ${patternLengthMax} characters`, patternLengthMax)
  let at = 0
  const code = (offset = 0): number => {
    const value = pattern.charCodeAt(at + offset)
    return Number.isNaN(value) ? -1 : value
  }

  const skipSpace = (): boolean => {
    if (!isSpace(code())) return false
    at++
    return true
  }

  const skipComment = (): boolean => {
    if (code() !== 47) return false
    const isLine = code(1) === 47
    if (!isLine && code(1) !== 42) return false
    const end = pattern.indexOf(isLine ? '\n' : '*/', at + 2)
    if (end < 0 && !isLine) throw new PatternError('expected */', pattern.length)
    at = end < 0 ? pattern.length : end + (isLine ? 1 : 2)
    return true
  }

  const readQuoted = (): string => {
    const start = at
    const parts: string[] = []
    let from = ++at
    for (;;) {
      const here = code()
      if (here < 0) throw new PatternError("expected a closing '", start)
      if (here === quote) break
      if (here === backslash) {
        if (code(1) !== quote && code(1) !== backslash) throw new PatternError("expected \\' or \\\\", at)
        parts.push(pattern.slice(from, at), pattern.charAt(at + 1))
        at += 2
        from = at
      } else at++
    }
    parts.push(pattern.slice(from, at))
    at++
    return parts.join('')
  }

  const readWhile = (start: number, belongs: (code: number) => boolean): string => {
    while (belongs(code())) at++
    return pattern.slice(start, at)
  }

  return () => {
    while (skipSpace() || skipComment());
    const start = at
    const first = code()
    if (first < 0) return null
    if (first === quote) return { kind: 'text', text: readQuoted(), at: start }
    if ((first === 116 || first === 104 || first === 98) && code(1) === quote) {
      at++
      return { kind: 'other', text: readQuoted(), at: start }
    }
    if (isLetter(first)) return { kind: 'word', text: readWhile(start, isWord), at: start }
    const signed = first === 43 || first === 45
    if (isDigit(first) || (signed && (isDigit(code(1)) || code(1) === 46))) {
      at++
      return {
        kind: 'other',
        text: readWhile(start, (each) => isDigit(each) || each === 46),
        at: start,
      }
    }
    const two = pattern.slice(at, at + 2)
    if (two === '!=' || two === '==' || two === '<=' || two === '>=' || two === '<>') {
      at += 2
      return { kind: 'sign', text: two, at: start }
    }
    const one = pattern.charAt(at++)
    if (!'[]()=<>:.,*'.includes(one)) throw new PatternError('unexpected character', start)
    return { kind: 'sign', text: one, at: start }
  }
}

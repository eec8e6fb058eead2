/** Something wrong that could be in the sources, and the tests of which one must fail for it. */
export type Fault = {
  readonly name: string
  readonly file: string
  /** Stands exactly once in the file. */
  readonly original: string
  readonly replacement: string
  readonly tests: readonly string[]
}

/** The text with the fault in it. Throws where the fault does not fit the text any more. */
export const plant = (text: string, { name, file, original, replacement }: Fault): string => {
  const found = text.split(original).length - 1
  if (found !== 1)
    throw new Error(
      `${name}: its text stands ${found} times in ${file}, not once; bring the list of faults up to date`,
    )
  if (original === replacement) throw new Error(`${name}: it changes nothing`)
  return text.replace(original, () => replacement)
}

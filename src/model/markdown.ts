/** Text that Markdown shows as it is, on one line, in a cell of a table too. */
export const plain = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*{}[\]<>#|~&]/g, (sign) => `\\${sign}`)

/** A name as code. */
export const asCode = (text: string): string => `\`${text.replaceAll(/[`|\s]/g, '?')}\``

/** @param rows cells that are Markdown already */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** Four significant digits; whole numbers whole. */
export const figure = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))

export const percent = (share: number): string => `${figure(share * 100)} %`

import { readFile, writeFile } from 'node:fs/promises'

/** A payment as it is sent: its key and its bytes. */
export type Sendable = { readonly key: string; readonly value: Buffer }

/** Key and value one after the other, each with its length before it (4 bytes, big-endian). */
export const writePayments = async (file: string, payments: readonly Sendable[]): Promise<void> => {
  const parts = payments.flatMap(({ key, value }) => [Buffer.from(key), value])
  await writeFile(file, Buffer.concat(parts.flatMap((part) => [lengthOf(part), part])))
}

export const readPayments = async (file: string): Promise<readonly Sendable[]> => {
  const bytes = await readFile(file)
  const payments: Sendable[] = []
  let at = 0
  const next = (): Buffer => {
    const from = at + 4
    at = from + bytes.readUInt32BE(at)
    return bytes.subarray(from, at)
  }
  while (at < bytes.length) payments.push({ key: next().toString(), value: next() })
  return payments
}

const lengthOf = (part: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(part.length)
  return length
}

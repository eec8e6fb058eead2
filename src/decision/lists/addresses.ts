/** An IP address or a network: 32 bits in each word, without host bits. */
export type Network = { readonly words: readonly number[]; readonly prefix: number }

/** How addresses and networks are read. */
export type Addresses = {
  /** null for any other text. */
  readonly parseNetwork: (text: string) => Network | null
  /** Clears what is beyond the first `prefix` bits. */
  readonly maskWords: (words: readonly number[], prefix: number) => readonly number[]
  /** One text for each network, whatever way it was written. */
  readonly networkText: (network: Network) => string
}

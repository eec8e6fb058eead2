/** Payments, and those that were blocked, over a time. */
export type Counts = { readonly payments: number; readonly blocks: number }

/** A part of the sliding window. */
type Piece = {
  readonly at: number
  payments: number
  readonly byModel: Map<string, number>
  readonly blocks: Map<string, number>
  readonly accounts: Map<string, Set<string>>
}

export type BlockCountsDeps = {
  readonly windowMs: number
  /** Accounts of one origin that a piece remembers: more need not be told apart. */
  readonly mostAccounts: number
  /** A piece has left the window. */
  readonly onLeave: (at: number, countsOf: (origin: string) => Counts) => void
}

/** Counts of the last `windowMs`, to a twentieth of it. */
export type BlockCounts = {
  /** To be called before anything else is asked of that time. @param now milliseconds that never step back */
  readonly roll: (now: number) => void
  /** @param model null: none was asked */
  readonly addPayment: (model: string | null) => void
  readonly addBlock: (origin: string, accountId: string) => void
  readonly of: (origin: string) => Counts
  /** Different accounts among the blocks: exact up to `mostAccounts`. */
  readonly accountsOf: (origin: string) => number
  /** The piece that is being filled. */
  readonly at: () => number
}

const pieces = 20
export const pieceMsOf = (windowMs: number): number => windowMs / pieces

/** A model is measured against the payments that it was asked about, a rule against all. */
const paymentsOf = (piece: Piece, origin: string): number =>
  origin.startsWith('model:') ? (piece.byModel.get(origin) ?? 0) : piece.payments

const countsIn = (piece: Piece, origin: string): Counts => ({
  payments: paymentsOf(piece, origin),
  blocks: piece.blocks.get(origin) ?? 0,
})

export const createBlockCounts = ({ windowMs, mostAccounts, onLeave }: BlockCountsDeps): BlockCounts => {
  const pieceMs = pieceMsOf(windowMs)
  const window: Piece[] = []

  const newPiece = (at: number): Piece => {
    const piece = { at, payments: 0, byModel: new Map(), blocks: new Map(), accounts: new Map() }
    window.push(piece)
    return piece
  }
  let current = newPiece(0)

  return {
    roll: (now) => {
      const at = Math.floor(now / pieceMs)
      if (at <= current.at) return
      current = newPiece(at)
      while (window[0] !== undefined && window[0].at <= at - pieces) {
        const left = window[0]
        window.shift()
        onLeave(left.at, (origin) => countsIn(left, origin))
      }
    },
    addPayment: (model) => {
      current.payments++
      if (model !== null) current.byModel.set(model, (current.byModel.get(model) ?? 0) + 1)
    },
    addBlock: (origin, accountId) => {
      current.blocks.set(origin, (current.blocks.get(origin) ?? 0) + 1)
      const accounts = current.accounts.get(origin)
      if (accounts === undefined) current.accounts.set(origin, new Set([accountId]))
      else if (accounts.size < mostAccounts) accounts.add(accountId)
    },
    of: (origin) => {
      let payments = 0
      let blocks = 0
      for (const piece of window) {
        payments += paymentsOf(piece, origin)
        blocks += piece.blocks.get(origin) ?? 0
      }
      return { payments, blocks }
    },
    accountsOf: (origin) => {
      const all = new Set<string>()
      for (const { accounts } of window)
        for (const account of accounts.get(origin) ?? []) {
          all.add(account)
          if (all.size >= mostAccounts) return all.size
        }
      return all.size
    },
    at: () => current.at,
  }
}

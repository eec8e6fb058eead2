import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readArtifact } from '../../../src/model/artifact.file.ts'
import { renderCard } from '../../../src/model/card.ts'
import { parseManifest } from '../../../src/model/manifest.ts'
import { goodManifest } from '../../support/model/manifest.ts'

const cardOf = (changes: object, keyId: string | null = 'team-a'): string =>
  renderCard({
    manifest: parseManifest(JSON.stringify({ ...goodManifest, ...changes }), 'm'),
    manifestSha256: 'f'.repeat(64),
    signer: keyId === null ? { keyId, reason: 'is not signed' } : { keyId, reason: null },
  })

describe('the card', () => {
  it('of the shipped model is current (sluice model card payment-risk/1)', async () => {
    const check = { keysFolder: 'models/keys', unsigned: 'refuse' } as const
    const shipped = await readArtifact('models/payment-risk/1', undefined, check)
    expect(readFileSync('models/payment-risk/1/MODEL_CARD.md', 'utf8')).toBe(renderCard(shipped))
  })

  it('says how each kind of feature is prepared, and what unknown becomes', () => {
    const unknown = { missingIndicator: true, whenMissing: 2 }
    const card = cardOf({
      features: [
        { name: 'a', ...unknown, clip: [0, 9], log1p: true, mean: 1.5, scale: 2 },
        {
          kind: 'quantile',
          name: 'b',
          ...unknown,
          knots: [
            [0, 0],
            [7, 1],
          ],
        },
        { kind: 'oneHot', name: 'c', missingIndicator: false, values: [1, 2] },
        { kind: 'bins', name: 'd', ...unknown, edges: [1, 5], edgeIn: 'below', float32: true },
      ],
      reasonGroups: [{ code: 'BURST', baseline: { a: 1, b: null } }],
      goldenVectors: [{ row: [1, 2, 3, 4], probability: 0.5 }],
    })
    expect(card).toContain('| `a` | clip 0 to 9, log, minus 1.5, over 2 | 2, and a flag |')
    expect(card).toContain('| `b` | quantile between 2 knots from 0 to 7 | 2, and a flag |')
    expect(card).toContain('| `c` | one-hot of 1, 2 | none of them |')
    expect(card).toContain(
      '| `d` | bin of 3, edges 1 to 5 (an edge lies below), compared in float32 | 2, and a flag |',
    )
    expect(card).toContain('| `BURST` | `a` (1), `b` (not known) |')
  })

  it('says who signed, or that nobody did', () => {
    expect(cardOf({})).toContain('| signed by | key `team-a` (Ed25519) |')
    expect(cardOf({}, null)).toContain('| signed by | nobody who is known |')
  })

  it.each([
    [{ kind: 'none' }, 'none: the probability is what the network says'],
    [{ kind: 'platt', a: 2, b: -1 }, 'Platt: sigmoid(2 logit + -1)'],
    [{ kind: 'isotonic', interpolation: 'step', points: [[0, 0.5]] }, 'isotonic, 1 points, step'],
  ])('says how it is calibrated: %j', (calibration, expected) => {
    expect(cardOf({ calibration })).toContain(expected)
  })

  it('shows text as text', () => {
    const card = cardOf({
      description: 'a | b\n# <script>alert(1)</script>',
      training: { 'a|b': { deep: 'x | y', list: [1, '<b>'] } },
    })
    expect(card).toContain('a \\| b \\# \\<script\\>alert(1)\\</script\\>')
    expect(card).toContain('| a\\|b.deep | x \\| y |')
    expect(card).toContain('| a\\|b.list | \\[1,"\\<b\\>"\\] |')
  })
})

import { sigmoid } from '../../model/calibrate.ts'
import type { PlattCalibration } from '../../model/manifestCalibration.ts'

const mostSteps = 100

/**
 * Fits probability = sigmoid(a * logit + b) by Newton's method on J. Platt's smoothed targets ("Probabilistic
 * outputs for support vector machines", 1999), with the step halving of Lin, Lu and Weng (2007).
 */
export const fitPlatt = (logits: ArrayLike<number>, labels: ArrayLike<number>): PlattCalibration => {
  let frauds = 0
  for (let at = 0; at < labels.length; at++) frauds += labels[at]!
  const goods = labels.length - frauds
  const targetOf = [1 / (goods + 2), (frauds + 1) / (frauds + 2)] as const

  const loss = (a: number, b: number): number => {
    let sum = 0
    for (let at = 0; at < logits.length; at++) {
      const x = a * logits[at]! + b
      // -t ln p - (1 - t) ln (1 - p), without overflow.
      sum += Math.max(x, 0) - x * targetOf[labels[at] === 1 ? 1 : 0] + Math.log1p(Math.exp(-Math.abs(x)))
    }
    return sum
  }

  let a = 1
  let b = 0
  let best = loss(a, b)
  for (let step = 0; step < mostSteps; step++) {
    let [slopeA, slopeB, aa, ab, bb] = [0, 0, 1e-9, 0, 1e-9]
    for (let at = 0; at < logits.length; at++) {
      const x = logits[at]!
      const p = sigmoid(a * x + b)
      const error = p - targetOf[labels[at] === 1 ? 1 : 0]
      const weight = p * (1 - p)
      slopeA += error * x
      slopeB += error
      aa += weight * x * x
      ab += weight * x
      bb += weight
    }
    const determinant = aa * bb - ab * ab
    const moveA = (bb * slopeA - ab * slopeB) / determinant
    const moveB = (aa * slopeB - ab * slopeA) / determinant
    let share = 1
    while (share > 1e-6 && !(loss(a - share * moveA, b - share * moveB) < best)) share /= 2
    if (share <= 1e-6) break
    a -= share * moveA
    b -= share * moveB
    best = loss(a, b)
  }
  return { kind: 'platt', a, b }
}

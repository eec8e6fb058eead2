/** Mean squared distance between probability and label (G. W. Brier, 1950); 0 is best. NaN for no rows. */
export const brierScore = (probabilities: ArrayLike<number>, labels: ArrayLike<number>): number => {
  let sum = 0
  for (let at = 0; at < probabilities.length; at++) sum += (probabilities[at]! - labels[at]!) ** 2
  return sum / probabilities.length
}

/** One direction of a plot. */
export type Axis = {
  readonly label: string
  readonly low: number
  readonly high: number
}

/** From a value of the axis to a place in the drawing. An axis without extent puts everything in its middle. */
export const linearScale =
  ({ low, high }: Axis, from: number, to: number): ((value: number) => number) =>
  (value) =>
    high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from)

const steps = [1, 2, 5, 10]

/** A step of 1, 2 or 5 times a power of ten that cuts the axis into at most `most` pieces. */
const stepOf = (extent: number, most: number): number => {
  const power = 10 ** Math.floor(Math.log10(extent / most))
  return power * (steps.find((step) => extent / (power * step) <= most) ?? 10)
}

/** Round values from the lower to the upper end; none where the axis has no extent or is not finite. */
export const ticksOf = ({ low, high }: Axis, most = 5): readonly number[] => {
  if (!(high > low) || !Number.isFinite(high - low)) return []
  const step = stepOf(high - low, most)
  // Whole multiples, so that rounding does not add up.
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(15)))
}

/** As short as its size allows. */
export const tickText = (value: number): string =>
  Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4)
    ? value.toExponential(0)
    : String(Number(value.toPrecision(6)))

/** Prints what a scenario measured, rounded: how long it takes is told and never asserted. */
export const tell = (scenario: string, measured: Readonly<Record<string, number>>): void => {
  const parts = Object.entries(measured).map(([name, value]) => `${name} ${Math.round(value)}`)
  process.stdout.write(`measured: ${scenario}: ${parts.join(', ')}\n`)
}

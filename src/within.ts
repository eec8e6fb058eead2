/**
 * What does not settle in time is given up by whoever waits for it; it may settle later all the same.
 * @throws Error that says how long was waited
 */
export const within = async <T>(ms: number, waiting: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([waiting, late])
  } finally {
    clearTimeout(timer)
  }
}

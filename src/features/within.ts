/** What `promise` resolves to, or 'late' once that much time has passed; rejects as it does if that comes first. */
export const within = <T>(promise: Promise<T>, timeoutMs: number): Promise<T | 'late'> => {
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'late')
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

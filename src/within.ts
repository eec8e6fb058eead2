/**
 * What `promise` resolves to, or 'late' once that much time has passed; rejects as it does if that comes first.
 * After a stall of this process the timer is due before the sockets are read: what has arrived by then is not late.
 */
export const within = <T>(promise: Promise<T>, timeoutMs: number): Promise<T | 'late'> => {
  let timer: ReturnType<typeof setTimeout>
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => setImmediate(resolve, 'late'), timeoutMs)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** As a script says it that meets a key of another node. */
const elsewhere = /^(MOVED|ASK|TRYAGAIN) |attempted to access a non local key/

/** Whether Redis refused a call only because another node of the cluster has the key, now or soon. */
export const isMoved = (error: unknown): boolean => error instanceof Error && elsewhere.test(error.message)

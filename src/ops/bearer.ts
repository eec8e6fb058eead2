import { createHash, timingSafeEqual } from 'node:crypto'

const pattern = /^Bearer +([\x21-\x7e]+) *$/i

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Whether a header `authorization` carries the token; how long that takes tells nothing of it. */
export const createBearer = (token: string): ((authorization: string | undefined) => boolean) => {
  const wanted = hashOf(token)
  return (authorization) => {
    const given = pattern.exec(authorization ?? '')?.[1]
    return given !== undefined && timingSafeEqual(hashOf(given), wanted)
  }
}

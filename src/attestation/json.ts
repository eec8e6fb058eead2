import type { z } from 'zod'

/** null: no JSON, or not of that shape. The caller has bounded the length. */
export const parseAs = <T>(schema: z.ZodType<T>, text: string): T | null => {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

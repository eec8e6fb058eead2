import type { Notice, Severity } from '../domain/decision.ts'

/** English, then Chinese. */
export type Wording = readonly [string, string]

export const notice = (
  code: string,
  severity: Severity,
  [actionEn, actionZh]: Wording,
  [reasonEn, reasonZh]: Wording,
): Notice => ({ code, severity, actionEn, actionZh, reasonEn, reasonZh })

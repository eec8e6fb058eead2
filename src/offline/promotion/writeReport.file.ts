import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promotionPage } from './promotionPage.ts'
import type { PromotionReport } from './promotionReport.ts'
import type { Curves } from './verdict.ts'

/** Writes report.json, in which null stands for what is not known, and report.html. @returns the page's file */
export const writeReport = async (
  folder: string,
  report: PromotionReport,
  curves: ReadonlyMap<string, Curves>,
): Promise<string> => {
  const page = path.join(folder, 'report.html')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(page, promotionPage(report, curves))
  return page
}

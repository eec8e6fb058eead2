import { feedbackFormat } from '../files/formats.ts'
import { readRecords } from '../files/records.file.ts'
import { createLabelsAsOf, type KnownLabels } from './knownLabels.ts'

/** What a file of feedback says by `asOf`, epoch milliseconds. @throws SluiceError FILE_INVALID */
export const readKnownLabels = async (file: string, asOf: number): Promise<KnownLabels> => {
  const labels = createLabelsAsOf(asOf)
  for await (const feedback of readRecords(file, feedbackFormat)) labels.add(feedback)
  return labels.known
}

/** Android's versions by API level, as its developer pages list them. */
export const androidVersions: Readonly<Record<number, string>> = {
  26: '8.0',
  27: '8.1',
  28: '9',
  29: '10',
  30: '11',
  31: '12',
  32: '12',
  33: '13',
  34: '14',
  35: '15',
  36: '16',
}

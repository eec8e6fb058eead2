import type { Fault } from './plant.ts'

const decoder = ['test/unit/stream/codec/paymentDecoder.test.ts']

/** Of card numbers, addresses and phone numbers, where they must not be kept. */
export const personalFaults: readonly Fault[] = [
  {
    name: 'the bytes of a payment with an address in clear are kept',
    file: 'src/stream/codec/refusal.ts',
    original: 'bytes: secret === null ? value : null',
    replacement: 'bytes: pan === null ? value : null',
    tests: decoder,
  },
  {
    name: 'its headers are kept',
    file: 'src/stream/codec/refusal.ts',
    original: 'headers: secret === null ? headers : {}',
    replacement: 'headers: pan === null ? headers : {}',
    tests: decoder,
  },
  {
    name: 'an address in clear is looked for only where nothing else is wrong',
    file: 'src/stream/codec/paymentDecoder.ts',
    original: 'readableIds(record, result.partial), contactAnywhere)',
    replacement: 'readableIds(record, result.partial))',
    tests: decoder,
  },
  {
    name: 'a card number inside a header is given on',
    file: 'src/stream/codec/pans.ts',
    original: 'traceHeaders.has(name.toLowerCase())',
    replacement: "name !== 'payment-id'",
    tests: decoder,
  },
  {
    name: 'the name of a field tells the card number in it',
    file: 'src/stream/codec/pans.ts',
    original: '(fieldName.test(name) ? name : null)',
    replacement: 'name',
    tests: decoder,
  },
  {
    name: 'a card number in UTF-16 is not seen',
    file: 'src/stream/codec/pans.ts',
    original: " || looksLikePan(text.replaceAll('\\0', ''))",
    replacement: '',
    tests: decoder,
  },
  {
    name: 'a signed claim brings a card number into the state of a device',
    file: 'src/attestation/readReports.ts',
    original: 'isFlawed(opened) || !holdsPan(opened) ? opened',
    replacement: 'isFlawed(opened) || holdsPan !== undefined ? opened',
    tests: ['test/unit/attestation/readReports.test.ts'],
  },
  {
    name: 'a CVE id that is a card number is taken',
    file: 'src/stream/codec/vulnerability.ts',
    original: 'looksLikePan(given) ? value.panFault(given) : null',
    replacement: 'null',
    tests: ['test/unit/stream/codec/vulnerability.test.ts'],
  },
]

import type { Fault } from './plant.ts'

const readReports = 'test/unit/attestation/readReports.test.ts'
const token = 'test/unit/attestation/token.test.ts'
const playIntegrity = 'test/unit/attestation/playIntegrity.test.ts'
const appAttest = 'test/unit/attestation/appAttest.test.ts'
const protection = 'test/unit/features/protection.test.ts'
const usedOnce = 'test/unit/features/stores/usedOnce.test.ts'

/** Of what proves how a device is, and of the level of protection. */
export const attestationFaults: readonly Fault[] = [
  {
    name: 'attestation: what was used before proves again',
    file: 'src/attestation/readReports.ts',
    original: "if (reply !== undefined && reply !== 'FIRST')",
    replacement: 'if (reply === undefined && opened.once !== null)',
    tests: [readReports],
  },
  {
    name: 'attestation: what is good of a rejected report is believed',
    file: 'src/attestation/believe.ts',
    original: ".filter(({ state }) => state === 'UNHEALTHY')",
    replacement: ".filter(({ state }) => state !== 'UNKNOWN')",
    tests: [readReports],
  },
  {
    name: 'attestation: a token of one kind passes for another',
    file: 'src/attestation/token.ts',
    original: '        typ: kind.typ,\n',
    replacement: '',
    tests: [token],
  },
  {
    name: 'attestation: a key signs whatever it likes',
    file: 'src/attestation/token.ts',
    original: 'key === null || !key.purposes.includes(purpose)',
    replacement: 'key === null',
    tests: [token, appAttest],
  },
  {
    name: 'attestation: a verdict is good for every device',
    file: 'src/attestation/playIntegrity.ts',
    original: '(request.requestHash ?? request.nonce) !== binding',
    replacement: '(request.requestHash ?? request.nonce) === undefined',
    tests: [playIntegrity],
  },
  {
    name: 'attestation: an assertion need not sign its client data',
    file: 'src/attestation/appAttest.ts',
    original: "verify('sha256', nonce, key, assertion.signature)",
    replacement: 'assertion.signature.length > 0 && nonce.length > 0 && key !== null',
    tests: [appAttest],
  },
  {
    name: 'attestation: a record that comes again is a replay',
    file: 'src/features/usedOnce.memory.ts',
    original: "earlier.owner === use.owner ? earlier.reply : 'USED'",
    replacement: "'USED'",
    tests: [usedOnce, readReports],
  },
  {
    name: 'attestation: bad news expires',
    file: 'src/features/protection.ts',
    original: "if (reading?.state === 'UNHEALTHY') return caps.unhealthy",
    replacement: "if (reading?.state === 'UNHEALTHY' && reading.expiresAt > at) return caps.unhealthy",
    tests: [protection],
  },
  {
    name: 'attestation: good news lasts for ever',
    file: 'src/features/protection.ts',
    original: "if (reading?.state === 'HEALTHY' && reading.expiresAt > at) return null",
    replacement: "if (reading?.state === 'HEALTHY') return null",
    tests: [protection],
  },
  {
    name: 'attestation: a device heals by its own word',
    file: 'src/features/deviceState.ts',
    original: 'return holds ? attested : laterReading(attested, own)',
    replacement: 'return laterReading(holds ? own : attested, own)',
    tests: ['test/unit/features/stores/deviceState.test.ts'],
  },
]

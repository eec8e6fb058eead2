import type { Fault } from './plant.ts'

const duty = 'test/unit/intel/cases/duty.test.ts'
const verify = 'test/unit/intel/cases/verify.test.ts'
const ledger = 'test/unit/compose/caseLedger.test.ts'
const publish = 'test/unit/intel/out/publish.test.ts'
const exchange = 'test/unit/intel/out/exchange.test.ts'
const keyedHash = 'test/unit/intel/out/keyedHash.test.ts'
const query = 'test/unit/intel/taxii/query.test.ts'
const resources = 'test/unit/intel/taxii/resources.test.ts'

/** Of cases and of what is shared: each was seen to be caught. */
export const sharingFaults: readonly Fault[] = [
  {
    name: 'sharing: an hour of the duty is told a moment late',
    file: 'src/intel/cases/duty.ts',
    original: 'now >= of.learnedAt + hours * hourMs',
    replacement: 'now > of.learnedAt + hours * hourMs',
    tests: [duty],
  },
  {
    name: 'sharing: an hour is told again by who takes over',
    file: 'src/intel/cases/register.ts',
    original: 'told: new Set([...before.told, entry.hours ?? NaN])',
    replacement: 'told: before.told',
    tests: [ledger],
  },
  {
    name: 'sharing: a command is done again',
    file: 'src/intel/cases/register.ts',
    original: 'if (entry.commandId !== null) answered.add(entry.commandId)',
    replacement: '',
    tests: [ledger],
  },
  {
    name: 'sharing: nobody looks at the bytes of an entry',
    file: 'src/intel/cases/verify.ts',
    original: 'hash === statedHash\n    ? []',
    replacement: 'hash !== ""\n    ? []',
    tests: [verify],
  },
  {
    name: 'sharing: nobody looks at the links of the chain',
    file: 'src/intel/cases/verify.ts',
    original: 'if (sequence === expected) faults.push',
    replacement: 'if (sequence < expected) faults.push',
    tests: [verify],
  },
  {
    name: 'sharing: an indicator goes while another payment supports it',
    file: 'src/intel/out/publish.ts',
    original: 'if (others.length > 0)',
    replacement: 'if (others.length === 0)',
    tests: [publish],
  },
  {
    name: 'sharing: an old label brings back what was taken back',
    file: 'src/intel/out/publish.ts',
    original: 'else if (!isTakenBack(shared, label))',
    replacement: 'else',
    tests: [publish],
  },
  {
    name: 'sharing: an embargo ends a moment early',
    file: 'src/intel/out/exchange.ts',
    original: 'return now() >= notBefore(',
    replacement: 'return now() + 1 >= notBefore(',
    tests: [exchange],
  },
  {
    name: 'sharing: an embargo on an indicator holds nothing',
    file: 'src/intel/out/embargo.ts',
    original: '...[paymentRef, ...indicators].map(',
    replacement: '...[paymentRef].map(',
    tests: [exchange],
  },
  {
    name: 'sharing: what is kept back leaves though it was taken back',
    file: 'src/intel/out/exchange.ts',
    original: 'if (before !== undefined && before.knownAt > label.knownAt) return nothing',
    replacement: 'if (before !== undefined && before.knownAt < label.knownAt) return nothing',
    tests: [exchange],
  },
  {
    name: 'sharing: a hash does not hold the kind',
    file: 'src/intel/out/keyedHash.ts',
    original: '`${kind}\\n${',
    replacement: '`\\n${',
    tests: [keyedHash],
  },
  {
    name: 'sharing: an unknown marking may be read by anyone',
    file: 'src/intel/out/tlp.ts',
    original: '(levelOf.get(ref) ?? Infinity)',
    replacement: '(levelOf.get(ref) ?? 0)',
    tests: [resources],
  },
  {
    name: 'sharing: a page begins with the last object of the one before',
    file: 'src/intel/taxii/query.ts',
    original: 'object.addedUs > query.next',
    replacement: 'object.addedUs >= query.next',
    tests: [query],
  },
  {
    name: 'sharing: each writer has a transactional id of its own, so two fork the log',
    file: 'src/compose/caseLog.kafka.ts',
    original: '`sluice-writer-of-${topics.cases}`',
    replacement: '`sluice-writer-of-${topics.cases}-${groupId}`',
    tests: ['test/integration/sharing/twoWriters.test.ts'],
  },
]

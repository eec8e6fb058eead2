import { format } from 'prettier'
import { importOverrides } from './overrides.mjs'

const rules = {
  // Promises: only the type checker can see one that nobody waits for.
  'typescript/no-floating-promises': 'error',
  'typescript/no-misused-promises': 'error',
  'typescript/await-thenable': 'error',
  'typescript/return-await': ['error', 'in-try-catch'],
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'typescript/only-throw-error': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-unsafe-assignment': 'error',
  'typescript/no-unsafe-call': 'error',
  'typescript/no-unsafe-member-access': 'error',
  'typescript/no-unsafe-return': 'error',
  'typescript/no-unsafe-argument': 'error',
  // There is no `this` in our closures, so a method taken out of its object is whole.
  'typescript/unbound-method': 'off',
  'typescript/consistent-type-imports': 'error',
  // Modules.
  'import/no-cycle': ['error', { ignoreTypes: false }],
  'import/no-default-export': 'error',
  'import/no-self-import': 'error',
  'oxc/no-barrel-file': ['error', { threshold: 0 }],
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
}

const general = {
  $schema: './node_modules/oxlint/configuration_schema.json',
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node', 'promise'],
  categories: { correctness: 'error' },
  env: { es2024: true, node: true },
  ignorePatterns: ['node_modules', 'dist', 'coverage'],
  rules,
}

const overrides = () => [
  // Plain JavaScript is run, not type-checked.
  { files: ['**/*.mjs'], rules: untyped },
  // Tests look into what they got back: JSON, and characters one by one.
  { files: ['test/**/*.ts'], rules: { ...unsafe, 'typescript/no-misused-spread': 'off' } },
  { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
  { files: ['src/**/*.ts'], rules: { 'node/no-process-env': 'error' } },
  { files: ['src/config.ts'], rules: { 'node/no-process-env': 'off' } },
  ...importOverrides(),
]

const off = (pattern) =>
  Object.fromEntries(
    Object.keys(rules)
      .filter((name) => pattern.test(name))
      .map((name) => [name, 'off']),
  )

const unsafe = off(/no-unsafe/)

const untyped = {
  ...off(/^typescript\/(no-unsafe|switch|no-floating|no-misused|await|return|only)/),
  'typescript/restrict-template-expressions': 'off',
}

/** The text of .oxlintrc.json, formatted as the formatter wants it. */
export const oxlintrcText = () =>
  format(JSON.stringify({ ...general, overrides: overrides() }), { parser: 'json', printWidth: 110 })

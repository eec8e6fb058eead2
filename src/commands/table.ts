import type { CommandTable } from './command.ts'

/** All commands, in the order in which someone meets them. */
export const commandTable: CommandTable = {
  demo: {
    summary: 'show payments being decided by a real Kafka, Redis and model',
    load: () => import('./demo.ts'),
  },
  run: { summary: 'decide payments until told to stop', load: () => import('./run.ts') },
  topics: { summary: 'create the topics, or check them', load: () => import('./topics.ts') },
  doctor: {
    summary: 'check Redis, Kafka, the models and the settings',
    load: () => import('./doctor.ts'),
  },
  rebuild: { summary: 'fill Redis again from the topics', load: () => import('./rebuild.ts') },
  redrive: { summary: 'send dead letters again, each once', load: () => import('./redrive.ts') },
  vulnerabilities: {
    summary: 'import vulnerabilities, list them as they should be repaired, explain one',
    load: () => import('./vulnerabilities.ts'),
  },
  simulate: {
    summary: 'make payments, device reports and labels of a simulated population',
    load: () => import('./simulate.ts'),
  },
  replay: {
    summary: 'compute the features of past payments, or make recorded decisions again',
    load: () => import('./replay.ts'),
  },
  explain: {
    summary: 'show for a person how a payment was decided, and what came of it',
    load: () => import('./explain.ts'),
  },
  features: {
    summary: 'list the features that models and rules can ask for, and measure their cost',
    load: () => import('./features.ts'),
  },
  dataset: {
    summary: 'join features with what was known of the payments at a date',
    load: () => import('./dataset.ts'),
  },
  train: { summary: 'train a model from features and labels', load: () => import('./train.ts') },
  score: { summary: 'score features with a model', load: () => import('./score.ts') },
  evaluate: { summary: 'measure scores against labels', load: () => import('./evaluate.ts') },
  backtest: {
    summary: 'decide a simulated past and compare with what was fraud',
    load: () => import('./backtest.ts'),
  },
  intel: {
    summary: 'check, publish and poll threat intelligence',
    load: () => import('./intel.ts'),
  },
  model: { summary: 'list, sign, verify and promote models', load: () => import('./model.ts') },
  policy: {
    summary: 'check, test, approve and compare policies; hold one back in an emergency; keep its lists',
    load: () => import('./policy.ts'),
  },
  cases: {
    summary: 'open, advance, list and verify cases with a duty to report',
    load: () => import('./cases.ts'),
  },
  switch: { summary: 'play the payment switch of the demo', load: () => import('./switch.ts') },
  version: { summary: 'print the version', load: () => import('./version.ts') },
}

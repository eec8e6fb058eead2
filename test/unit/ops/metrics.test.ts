import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { metricList, type MetricDefinition } from '../../../src/ops/metricList.ts'
import { createMetrics, type Metrics } from '../../../src/ops/metrics.ts'

const definitions: readonly MetricDefinition[] = Object.values(metricList)

/** The samples whose name begins so, as they are written. */
const samplesOf = (text: string, name: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(name))

const after = async (use: (metrics: Metrics) => void): Promise<string> => {
  const { metrics, exposition } = createMetrics()
  use(metrics)
  return exposition.render()
}

/** Each function once: what a metric looks like when it has been used. */
const useAll = (metrics: Metrics): void => {
  metrics.countPayments(3)
  metrics.countDecision('BLOCK')
  metrics.countDeadLetter('MALFORMED')
  metrics.countRepeatedAnswer()
  metrics.countReusedId()
  metrics.countDegraded('history.account')
  metrics.countLate()
  metrics.observeOwnPart(0.004)
  metrics.observeEndToEnd(0.02)
  metrics.observeStage('score', 0.0004)
  metrics.observeBatch(64)
  metrics.countJournalReply('first')
  metrics.setRedisUp(true)
  metrics.setAppendsQueued(12)
  metrics.countAppendsDropped(2)
  metrics.setCopyBytes(1024)
  metrics.countCopyMisses(1)
  metrics.countSecondTrip()
  metrics.setLag(3, 17)
  metrics.countCommitFailure()
  metrics.countDeviceReports('applied', 4)
  metrics.countAccountEvents('applied', 5)
  metrics.countFeedback('refused', 6)
  metrics.countFeedbackProof('other', 'none')
  metrics.setSideLag('account-events', Infinity)
  metrics.observeModelScore(0.0002)
  metrics.countModelFailure()
  metrics.countBundleSwap('swapped')
  metrics.setBundleLoadedAt(1_700_000_000)
  metrics.countModelDecision('payment-risk/1')
  metrics.countShadowPayments('shed', 64)
  metrics.countShadowOpinion('payment-risk/2', 'ALLOW_BLOCK')
  metrics.observeShadowScore(0.001)
  metrics.setOffPin(new Map([['a-model/1', 0]]))
  metrics.setPsi(new Map([['score', NaN]]))
  metrics.setUnknownShares(new Map([['score', 0.5]]))
  metrics.setDriftPayments(12)
  metrics.setDrifted(1)
  metrics.setTableEntries('vulnerabilities', 1404)
  metrics.setTableNewest('vulnerabilities', 1_700_000_000)
  metrics.countTableRecords('vulnerabilities', 'applied', 7)
  metrics.setUnmatchable(3)
  metrics.countRuleHit('VELOCITY')
  metrics.setIntelListed('ip', 2)
  metrics.countDeviceDocument('PLAY_INTEGRITY', 'verified')
  metrics.countNotice('TURN_FIREWALL_ON', 'BEFORE', 'published')
  metrics.setMeetingsQueued(1)
  metrics.countMeetingsDropped(1)
  metrics.setCases(new Map([['DETECTED', 1]]))
  metrics.setCaseHoursLeft(new Map([['DETECTED', 12]]))
  metrics.countCaseCommands('applied', 1)
  metrics.countCaseStep(24)
  metrics.countSharedObject('indicator')
  metrics.setHeldLabels(1)
  metrics.countShed('reasons', 2)
  metrics.setShedLevel(1)
  metrics.countException('control_group')
  metrics.setBreakers(new Map([['rule:a', 1]]))
  metrics.setKillSwitch(new Map([['model', 1]]))
}

describe('metrics', () => {
  it('count and measure', async () => {
    const text = await after(useAll)
    for (const sample of [
      'sluice_payments_received_total 3',
      'sluice_decisions_total{outcome="BLOCK"} 1',
      'sluice_decisions_total{outcome="ALLOW"} 0',
      'sluice_dead_letters_total{reason="MALFORMED"} 1',
      'sluice_stage_seconds_bucket{le="0.00025",stage="score"} 0',
      'sluice_stage_seconds_bucket{le="0.0005",stage="score"} 1',
      'sluice_redis_up 1',
      'sluice_consumer_lag_records{partition="3"} 17',
      'sluice_device_reports_total{result="applied"} 4',
      'sluice_account_events_total{result="applied"} 5',
      'sluice_feedback_total{result="refused"} 6',
      'sluice_side_topic_lag_seconds{topic="account-events"} +Inf',
      'sluice_model_failures_total 1',
      'sluice_table_records_total{table="vulnerabilities",kind="applied"} 7',
      'sluice_bundle_swaps_total{result="swapped"} 1',
      'sluice_bundle_loaded_timestamp_seconds 1700000000',
    ])
      expect(text.split('\n')).toContain(sample)
  })

  it('has a sample of each metric of the list once each function was called', async () => {
    const text = await after(useAll)
    for (const { name } of definitions) expect(samplesOf(text, name), name).not.toEqual([])
  })

  it('exports closed labels as 0 from the start, so that a first event is a rise', async () => {
    const text = await after(() => undefined)
    for (const { name, type, values } of definitions) {
      const suffix = type === 'histogram' ? '_count' : ''
      for (const value of values ?? [])
        expect(samplesOf(text, `${name}${suffix}{`), name).toContainEqual(
          expect.stringMatching(new RegExp(`="${value}".* 0$`)),
        )
    }
  })

  it('forgets the lag of a partition that was given up', async () => {
    const text = await after((metrics) => {
      metrics.setLag(0, 5)
      metrics.setLag(1, 6)
      metrics.forgetLag(0)
    })
    expect(samplesOf(text, 'sluice_consumer_lag_records{')).toEqual([
      'sluice_consumer_lag_records{partition="1"} 6',
    ])
  })

  it('exports what is not known as NaN, and forgets the features of the model before', async () => {
    const text = await after((metrics) => {
      metrics.setPsi(
        new Map([
          ['score', 0.1],
          ['account.count.1h', 0.2],
        ]),
      )
      metrics.setPsi(new Map([['score', NaN]]))
    })
    expect(samplesOf(text, 'sluice_model_psi{')).toEqual(['sluice_model_psi{feature="score"} Nan'])
  })

  it('counts opinions by model and by pair of outcomes', async () => {
    const text = await after((metrics) => {
      metrics.countShadowOpinion('m/2', 'ALLOW_BLOCK')
      metrics.countShadowOpinion('m/2', 'ALLOW_BLOCK')
      metrics.countShadowOpinion('m/3', 'BLOCK_ALLOW')
    })
    expect(samplesOf(text, 'sluice_shadow_opinions_total{')).toEqual([
      'sluice_shadow_opinions_total{model="m/2",pair="ALLOW_BLOCK"} 2',
      'sluice_shadow_opinions_total{model="m/3",pair="BLOCK_ALLOW"} 1',
    ])
  })

  it('does not grow without end when a label set turns out not to be closed', async () => {
    const text = await after((metrics) => {
      for (let i = 0; i < 1000; i++) metrics.countRuleHit(`RULE_${i}`)
    })
    const samples = samplesOf(text, 'sluice_rule_hits_total{')
    expect(samples).toHaveLength(257)
    expect(samples).toContain('sluice_rule_hits_total{reason="OTHER"} 744')
  })

  it('keeps two instances apart', async () => {
    const other = createMetrics()
    await after(useAll)
    expect(await other.exposition.render()).toContain('sluice_payments_received_total 0')
  })

  it('is named in base units with our prefix', () => {
    for (const { name, type } of definitions) {
      expect(name).toMatch(/^sluice_[a-z_]+$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(name).not.toMatch(/_(ms|millis|micros|kb)(_|$)/)
    }
  })

  const promtool = spawnSync('promtool', ['--version']).error === undefined
  it.skipIf(!promtool)('pleases promtool (skipped where it is not installed)', async () => {
    const checked = spawnSync('promtool', ['check', 'metrics'], {
      input: await after(useAll),
      encoding: 'utf8',
    })
    expect(checked.stderr + checked.stdout).toBe('')
    expect(checked.status).toBe(0)
  })
})

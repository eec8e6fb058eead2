import type { Finding } from '../domain/decision.ts'

/**
 * What a reason code means. The operator's wording may be exact; the payer's names nothing that would teach an
 * attacker what was seen, except where the payer must act on it.
 */
export type ReasonText = {
  /** null: a reason about the decision itself, which no rule may use. */
  readonly finding: Finding | null
  readonly operatorEn: string
  readonly operatorZh: string
  readonly payerEn: string
  readonly payerZh: string
}

const checkedEn = 'This payment needs one more check.'
const checkedZh = '这笔付款需要进一步核实。'
const deviceEn = 'Something on this device puts the payment at risk.'
const deviceZh = '本设备上的某项情况使这笔付款存在风险。'
const payeeEn = 'Please make sure that you know and trust the payee.'
const payeeZh = '请确认您认识并信任收款人。'
const unlikeEn = 'This payment is unlike your earlier ones.'
const unlikeZh = '这笔付款与您以往的付款不同。'

const text = (
  finding: Finding | null,
  [operatorEn, operatorZh]: readonly [string, string],
  [payerEn, payerZh]: readonly [string, string],
): ReasonText => ({ finding, operatorEn, operatorZh, payerEn, payerZh })

const checked = [checkedEn, checkedZh] as const
const device = [deviceEn, deviceZh] as const
const payee = [payeeEn, payeeZh] as const
const unlike = [unlikeEn, unlikeZh] as const

export const reasonCatalogue: Readonly<Record<string, ReasonText>> = {
  // Malware and a device in other hands
  REMOTE_CONTROL: text(
    'MALWARE',
    ['The screen is shared with or controlled by another app', '屏幕正被其他应用共享或控制'],
    device,
  ),
  SMS_READ_BY_APP: text(
    'MALWARE',
    ['An app that is not the messenger reads messages', '非短信类应用正在读取短信'],
    device,
  ),
  DEVICE_COMPROMISED: text(
    'MALWARE',
    ['Rooted, jailbroken or otherwise altered system', '系统已被 root、越狱或篡改'],
    device,
  ),
  DEVICE_UNGUARDED: text(
    'MALWARE',
    [
      'The firewall is off, or the virus protection is off or out of date',
      '防火墙已关闭，或病毒防护已关闭或过期',
    ],
    device,
  ),
  DEVICE_VULNERABLE: text(
    'MALWARE',
    ['The system has a vulnerability that is known to be exploited', '系统存在已知正被利用的漏洞'],
    device,
  ),
  DEVICE_CONDITION: text(
    'MALWARE',
    ['The state of the device speaks for fraud', '设备状态显示欺诈风险'],
    device,
  ),

  // Unusual device
  ATTESTATION_REPLAYED: text(
    'UNUSUAL_DEVICE',
    ['An attestation of the device had been used before', '该设备的证明此前已被使用'],
    device,
  ),
  ATTESTATION_FAILED: text(
    'UNUSUAL_DEVICE',
    ['An attestation of the device could not be verified', '该设备的证明无法通过验证'],
    device,
  ),
  DEVICE_SILENT: text('UNUSUAL_DEVICE', ['Nothing is known of how the device is', '设备状态未知'], device),
  WEAK_PROTECTION: text(
    'UNUSUAL_DEVICE',
    ['The device does not protect a payment like this enough', '该设备的防护不足以进行此类付款'],
    device,
  ),
  NEW_DEVICE: text(
    'UNUSUAL_DEVICE',
    ['The account has not paid from this device before', '该账户首次使用此设备付款'],
    ['You have not paid from this device before.', '您此前未使用过本设备付款。'],
  ),
  DEVICE_MANY_ACCOUNTS: text(
    'UNUSUAL_DEVICE',
    ['The device is used by unusually many accounts', '该设备被异常多的账户使用'],
    checked,
  ),
  SIM_CHANGED: text(
    'UNUSUAL_DEVICE',
    ['The SIM was changed recently', 'SIM 卡近期被更换'],
    ['The SIM of your phone was changed recently.', '您手机的 SIM 卡近期被更换。'],
  ),

  // Known scenarios
  CARD_TESTING: text(
    'KNOWN_FRAUD_SCENARIO',
    [
      'Many small card payments in a short time, as when stolen cards are tried',
      '短时间内出现大量小额卡支付，疑似盗卡测试',
    ],
    checked,
  ),
  MANY_CARDS_ONE_SOURCE: text(
    'KNOWN_FRAUD_SCENARIO',
    ['Many cards from one device or address', '同一设备或地址使用大量不同的银行卡'],
    checked,
  ),
  ACCOUNT_TAKEOVER: text(
    'KNOWN_FRAUD_SCENARIO',
    ['New device, new payee, and an amount unlike the account', '新设备、新收款人且金额与账户习惯不符'],
    checked,
  ),
  MULE_PAYEE: text(
    'KNOWN_FRAUD_SCENARIO',
    ['Unusually many accounts pay this payee', '异常多的账户向该收款人付款'],
    payee,
  ),
  MERCHANT_RISK: text(
    'KNOWN_FRAUD_SCENARIO',
    ['Payments at this merchant speak for a leak of its cards', '该商户的交易显示其银行卡信息可能已泄露'],
    checked,
  ),
  KNOWN_BAD_PAYEE: text(
    'KNOWN_FRAUD_SCENARIO',
    ['Shared intelligence lists the payee', '共享情报将该收款人列为可疑'],
    payee,
  ),
  KNOWN_BAD_SOURCE: text(
    'KNOWN_FRAUD_SCENARIO',
    [
      'Shared intelligence lists the device, address or contact that the payment comes from',
      '共享情报将该付款来源的设备、地址或联系方式列为可疑',
    ],
    checked,
  ),
  CONFIRMED_FRAUD: text(
    'KNOWN_FRAUD_SCENARIO',
    ['Fraud was confirmed for something that this payment names', '与该付款相关的主体曾被确认欺诈'],
    checked,
  ),

  LISTED: text(
    'KNOWN_FRAUD_SCENARIO',
    ['The block list names something of the payment', '该付款的某项信息在阻止名单上'],
    checked,
  ),

  // Behaviour
  AMOUNT_LIMIT: text(
    'ABNORMAL_BEHAVIOUR',
    ['The amount, or the sum over a time, is above the limit', '金额或一段时间内的总额超过限额'],
    ['The amount is above what can be paid without a check.', '金额超过免核实的上限。'],
  ),
  COUNT_LIMIT: text(
    'ABNORMAL_BEHAVIOUR',
    ['More payments in a time than the limit allows', '一段时间内付款次数超过上限'],
    unlike,
  ),
  LOGIN_LIMIT: text(
    'ABNORMAL_BEHAVIOUR',
    ['More failed log-ins in a time than the limit allows', '一段时间内登录失败次数超过上限'],
    checked,
  ),
  UNUSUAL_AMOUNT: text(
    'ABNORMAL_BEHAVIOUR',
    ["The amount is unlike the account's own past", '金额与账户历史不符'],
    unlike,
  ),
  UNUSUAL_FREQUENCY: text(
    'ABNORMAL_BEHAVIOUR',
    ['More payments in a short time than usual', '短时间内付款次数异常'],
    unlike,
  ),
  UNUSUAL_TIME: text(
    'ABNORMAL_BEHAVIOUR',
    ['An hour or a pause unlike the account', '付款时间或间隔与账户习惯不符'],
    unlike,
  ),
  UNUSUAL_PAYMENT: text(
    'ABNORMAL_BEHAVIOUR',
    ['The kind of payment speaks for fraud', '付款类型显示欺诈风险'],
    unlike,
  ),
  NEW_PAYEE: text(
    'ABNORMAL_BEHAVIOUR',
    ['The account has not paid this payee before', '该账户首次向此收款人付款'],
    payee,
  ),
  CREDENTIALS_CHANGED: text(
    'ABNORMAL_BEHAVIOUR',
    ['Log-ins failed or credentials changed shortly before', '付款前不久出现登录失败或凭证变更'],
    checked,
  ),

  // Places
  IMPOSSIBLE_TRAVEL: text(
    'ABNORMAL_LOCATION',
    ['Too far from the last payment for the time between them', '与上一笔付款的距离在该时间内无法到达'],
    unlike,
  ),
  UNUSUAL_PLACE: text(
    'ABNORMAL_LOCATION',
    ['A place, country or network unlike the account', '付款地点、国家或网络与账户习惯不符'],
    unlike,
  ),
  PAYEE_PLACE: text(
    'HIGH_RISK_PAYEE_LOCATION',
    ['The payee is in a place of high risk', '收款人位于高风险地区'],
    payee,
  ),

  // The decision itself
  MODEL_SCORE: text(
    null,
    ["The model's probability of fraud is above the threshold", '模型给出的欺诈概率超过阈值'],
    checked,
  ),
  MODEL_UNAVAILABLE: text(null, ['The model gave no probability', '模型未给出概率'], checked),
  FACTS_UNKNOWN: text(null, ['Something that a rule needs is not known', '规则所需的某项信息未知'], checked),
  DEGRADED_INPUTS: text(
    null,
    ['Inputs could not be read; they are listed in the decision', '部分输入无法读取，详见决策记录'],
    checked,
  ),
  LATE: text(null, ['Too late for the full assessment', '已超过完整评估的时限'], checked),
  NO_SAFE_STEP_UP: text(
    null,
    ['No way to ask the payer that the device does not make unsafe', '设备状态使所有验证方式均不安全'],
    ['This payment cannot be confirmed safely from this device.', '无法通过本设备安全地确认这笔付款。'],
  ),
  PAYMENT_ID_REUSED: text(
    null,
    ['The payment id was used before with other content', '付款编号曾用于不同内容'],
    checked,
  ),
  INVALID_PAYMENT: text(
    null,
    ['The record is not a valid payment', '该记录不是有效的付款'],
    ['This payment could not be read.', '无法读取这笔付款。'],
  ),
}

/** Of the codes of a model's reason groups those that have no words here, or that speak of the decision itself. */
export const unfitForModels = (codes: readonly string[]): readonly string[] =>
  codes.filter((code) => (reasonCatalogue[code]?.finding ?? null) === null)

import { notice } from './noticeText.ts'

/** A payment waits for a step-up; its reason is the payment's own. */
export const confirmPayment = notice(
  'CONFIRM_PAYMENT',
  'WARNING',
  [
    'Confirm this payment only if you started it yourself. Nobody from your bank asks you to confirm one.',
    '仅在本人发起时才确认这笔付款。银行工作人员不会要求您确认付款。',
  ],
  ['This payment needs one more check.', '这笔付款需要进一步核实。'],
)

export const paymentBlocked = notice(
  'PAYMENT_BLOCKED',
  'WARNING',
  [
    'No money has left your account. If somebody asked you to make this payment, call us on the number on your card.',
    '您的账户没有被扣款。如果是他人要求您付款，请拨打银行卡背面的电话联系我们。',
  ],
  ['This payment was stopped to protect your money.', '为保护您的资金，这笔付款已被拦截。'],
)

export const recallPayment = notice(
  'RECALL_PAYMENT',
  'CRITICAL',
  [
    'Call us at once on the number on your card and ask us to recall what you paid to this payee. Pay nothing more.',
    '请立即拨打银行卡背面的电话，要求撤回您向该收款人的付款，并停止继续付款。',
  ],
  ['Fraud was confirmed for a payee that you paid lately.', '您近期付款的收款人已被确认涉及欺诈。'],
)

export const holdFunds = notice(
  'HOLD_FUNDS',
  'CRITICAL',
  [
    'Hold what this account received lately and answer the recalls that follow.',
    '请止付该账户近期收到的款项，并处理后续的撤回请求。',
  ],
  ['Fraud was confirmed for a payment to this account.', '向该账户的一笔付款已被确认为欺诈。'],
)

export const eventNotices = [confirmPayment, paymentBlocked, recallPayment, holdFunds] as const

import type { DeviceSignal } from '../domain/deviceHealth.ts'
import type { Notice } from '../domain/decision.ts'
import { vulnerabilityNotice } from './noticeOfUpdate.ts'
import { notice } from './noticeText.ts'

/** What the person should do about the bad end of each signal. They say what to do, never what would have passed. */
export const deviceNotices: Readonly<Record<DeviceSignal, Notice>> = {
  REMOTE_ACCESS: notice(
    'END_REMOTE_SESSION',
    'CRITICAL',
    [
      'End the remote session, remove the remote-control app, and call us on the number on your card.',
      '请立即结束远程会话，卸载远程控制应用，并拨打银行卡背面的电话联系我们。',
    ],
    ['Another person may be able to control this device.', '他人可能正在控制本设备。'],
  ),
  SCREEN_CAPTURE: notice(
    'STOP_SCREEN_SHARING',
    'CRITICAL',
    ['Stop sharing or recording the screen, then try again.', '请停止屏幕共享或录屏后重试。'],
    ['Another app can see what is on your screen.', '其他应用可以看到您的屏幕内容。'],
  ),
  OVERLAY: notice(
    'REMOVE_OVERLAY_APP',
    'CRITICAL',
    [
      'Close or remove apps that draw over other apps, then try again.',
      '请关闭或卸载在其他应用上层显示的应用后重试。',
    ],
    ['An app may cover what you see and take what you type.', '某个应用可能遮盖屏幕并窃取您的输入。'],
  ),
  SMS_READER: notice(
    'REMOVE_MESSAGE_READER',
    'CRITICAL',
    [
      'Remove apps that you do not know and take away their right to read messages.',
      '请卸载不认识的应用，并取消其读取短信的权限。',
    ],
    ['An app on this device can read your messages.', '本设备上有应用可以读取您的短信。'],
  ),
  SIM_CHANGE: notice(
    'CALL_OPERATOR',
    'CRITICAL',
    [
      'If you did not change your SIM yourself, call your mobile operator and us at once.',
      '如果不是您本人更换 SIM 卡，请立即联系运营商和我们。',
    ],
    ['The SIM of your phone was changed recently.', '您手机的 SIM 卡近期被更换。'],
  ),
  SYSTEM_INTEGRITY: notice(
    'USE_UNALTERED_DEVICE',
    'CRITICAL',
    [
      'Pay from a device whose system is not rooted or jailbroken, or restore this one.',
      '请使用未被 root 或越狱的设备付款，或恢复本设备的系统。',
    ],
    [
      "This device's system has been altered and cannot protect your payments.",
      '本设备的系统已被更改，无法保护您的付款。',
    ],
  ),
  DEBUGGER: notice(
    'STOP_DEBUGGER',
    'WARNING',
    ['Turn debugging off in the settings of this device.', '请在设备设置中关闭调试功能。'],
    ['Another program can look into this app.', '其他程序可以查看本应用的内部数据。'],
  ),
  ANTIVIRUS: notice(
    'TURN_ANTIVIRUS_ON',
    'WARNING',
    ['Turn virus protection on and let it scan this device.', '请开启病毒防护并扫描本设备。'],
    ['Virus protection is off or out of date.', '病毒防护已关闭或过期。'],
  ),
  FIREWALL: notice(
    'TURN_FIREWALL_ON',
    'WARNING',
    ['Turn the firewall on.', '请开启防火墙。'],
    ['The firewall of this device is off.', '本设备的防火墙已关闭。'],
  ),
  AUTOMATIC_UPDATES: notice(
    'TURN_UPDATES_ON',
    'WARNING',
    ['Turn automatic updates on and install those that wait.', '请开启自动更新并安装待装更新。'],
    ['This device does not get security updates by itself.', '本设备未自动获取安全更新。'],
  ),
  SCREEN_LOCK: notice(
    'SET_SCREEN_LOCK',
    'WARNING',
    ['Set a screen lock.', '请设置锁屏密码。'],
    ['Anyone who holds this device can use it.', '任何拿到本设备的人都可以使用它。'],
  ),
  DISK_ENCRYPTION: notice(
    'TURN_ENCRYPTION_ON',
    'INFO',
    ['Turn device encryption on.', '请开启设备加密。'],
    ['What is stored on this device can be read by who finds it.', '捡到本设备的人可以读取其中的数据。'],
  ),
}

export const verifyPayee = notice(
  'VERIFY_PAYEE',
  'WARNING',
  [
    'Ask the payee on a number that you already know. We never ask you to move money to a safe account.',
    '请通过您已知的电话号码向收款人核实。我们绝不会要求您把钱转到所谓的“安全账户”。',
  ],
  [
    'You have not paid this payee before, or others were deceived into paying it.',
    '您此前未向该收款人付款，或已有他人被骗向其付款。',
  ],
)
const checkCard = notice(
  'CHECK_CARD_STATEMENT',
  'WARNING',
  [
    'Look through the latest payments of this card and tell us which are not yours.',
    '请查看该卡最近的付款记录，如有非本人交易请告知我们。',
  ],
  ['Your card may be in the hands of others.', '您的银行卡信息可能已被他人掌握。'],
)
const secureAccount = notice(
  'SECURE_ACCOUNT',
  'WARNING',
  [
    'If this was not you, change your password from a device that you trust and call us.',
    '如果不是您本人操作，请在可信设备上修改密码并联系我们。',
  ],
  ['Someone may be using your account.', '可能有人正在使用您的账户。'],
)

const openApp = notice(
  'OPEN_OFFICIAL_APP',
  'WARNING',
  [
    'Install our app from the official store only, update it, open it once while online, then try again.',
    '请仅从官方应用商店安装本应用，更新后联网打开一次再重试。',
  ],
  ['We cannot see whether this device is safe.', '我们无法确认本设备是否安全。'],
)

/** What a person should do because of a reason; a device's own notices come from its facts. */
export const reasonNotices: Readonly<Record<string, Notice>> = {
  MULE_PAYEE: verifyPayee,
  NEW_PAYEE: verifyPayee,
  CARD_TESTING: checkCard,
  MANY_CARDS_ONE_SOURCE: checkCard,
  ACCOUNT_TAKEOVER: secureAccount,
  NEW_DEVICE: secureAccount,
  IMPOSSIBLE_TRAVEL: secureAccount,
  ATTESTATION_REPLAYED: openApp,
  ATTESTATION_FAILED: openApp,
  DEVICE_SILENT: openApp,
  DEVICE_VULNERABLE: vulnerabilityNotice('UNKNOWN', null),
}

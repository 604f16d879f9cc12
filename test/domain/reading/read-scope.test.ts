import { describe, expect, it } from 'vitest'
import { readScope } from '../../../src/domain/reading/read-scope.ts'

describe('is it the network at all', () => {
  it.each([
    ['手机没信号', 'network', 'symptom'],
    ['No signal since this morning', 'network', 'symptom'],
    ['', 'network', 'unstated'],
    ['你好', 'network', 'unstated'],
    ['话费被乱扣了', 'notNetwork', 'billing'],
    ['这个月账单不对，要退费', 'notNetwork', 'billing'],
    ['You overcharged me again on my monthly bill', 'notNetwork', 'billing'],
    ['I want a refund', 'notNetwork', 'billing'],
    ['我的手机欠费停机了，打不出电话', 'notNetwork', 'barred'],
    ['cannot make calls, my line was suspended for non-payment', 'notNetwork', 'barred'],
    ['流量用完了上不了网', 'notNetwork', 'allowance-used'],
    ['被限速了，网很慢', 'notNetwork', 'allowance-used'],
    ['mobile data is slow, I have used up my data', 'notNetwork', 'allowance-used'],
    ['出国漫游没信号', 'notNetwork', 'roaming-not-enabled'],
    ['No service while roaming in Spain', 'notNetwork', 'roaming-not-enabled'],
    ['想退订套餐', 'notNetwork', 'contract'],
    ['How do I cancel my contract', 'notNetwork', 'contract'],
    ['装宽带师傅一直没来', 'notNetwork', 'installation'],
    ['客服态度恶劣', 'notNetwork', 'customer-service'],
    ['老是收到骚扰电话', 'notNetwork', 'nuisance'],
    ['手机摔坏了没信号', 'customerSide', 'handset'],
    ['My phone is broken, no signal', 'customerSide', 'handset'],
    ['sim卡坏了，不识别卡', 'customerSide', 'sim'],
    ['No signal, it says invalid SIM', 'customerSide', 'sim'],
    ['路由器坏了上不了网', 'customerSide', 'router'],
    ['the modem is broken and we have no internet', 'customerSide', 'router'],
    ['忘记wifi密码了', 'customerSide', 'wifi-password'],
    ['What is my wifi password', 'customerSide', 'wifi-password'],
    ['开了飞行模式', 'customerSide', 'settings'],
    ['no internet, mobile data was off', 'customerSide', 'settings'],
    ["My SIM card isn't recognised", 'customerSide', 'sim'],
    // Denied, or told otherwise.
    ['手机上不了网，数据开关已打开', 'network', 'symptom'],
    ['I checked all settings, still no data', 'network', 'symptom'],
    ['没有欠费，但是没信号', 'network', 'symptom'],
    ['话费充足，可是打不出电话', 'network', 'symptom'],
    ['my bill is fine but there is no signal', 'network', 'symptom'],
    ['Slow internet, and I am paying far too much', 'network', 'symptom'],
    ['sim卡坏了？邻居也没信号', 'network', 'others-too'],
    ['I tried a new SIM, still no signal, neighbours too', 'network', 'symptom'],
    ['sim卡坏了没信号，邻居信号正常', 'customerSide', 'sim'],
    ['流量用完了，而且没信号', 'network', 'symptom'],
  ] as const)('%s', (text, scope, reason) => {
    expect(readScope(text)).toMatchObject({ scope, reason })
  })

  it('the CRM beats the text where it names a fault', () => {
    expect(readScope('没信号', { accountState: 'barred' })).toEqual({
      scope: 'notNetwork',
      reason: 'barred',
      matched: ['account-state:barred'],
    })
    expect(readScope('no internet', { accountState: 'suspended' }).scope).toBe('notNetwork')
    expect(readScope('no internet', { deviceState: 'faulty' })).toMatchObject({
      scope: 'customerSide',
      reason: 'device-faulty',
    })
    expect(readScope('data is slow', { accountState: 'allowance-used' }).scope).toBe('notNetwork')
  })

  it('an allowance that is used up explains no missing signal', () => {
    expect(readScope('没信号', { accountState: 'allowance-used' })).toMatchObject({ scope: 'network' })
  })

  it('the CRM overrules the text where it says that all is well', () => {
    expect(readScope('是不是停机了，没信号', { accountState: 'active' }).scope).toBe('network')
    expect(readScope('is my phone broken? no signal', { deviceState: 'ok' }).scope).toBe('network')
    expect(readScope('是不是停机了，没信号', { accountState: 'unknown' }).scope).toBe('notNetwork')
  })

  it('S1: what matched is words of the vocabulary, never the text', () => {
    const { matched } = readScope('我叫王小明，电话13800138000，欠费停机')
    expect(matched).toEqual(['barred'])
  })
})

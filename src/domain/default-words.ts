import type { Ruleset } from '../../schemas/ruleset.ts'

/**
 * What customers are told (解释口径), in the words that every agent reads out. No element names and no codes; `{end}` is a
 * time, `{a}` and `{b}` are places.
 */
export const defaultWords: Ruleset['words'] = {
  'cutover.ongoing': {
    zh: '您所说的位置附近正在进行网络工程施工，信号暂时受到影响，完工后即恢复，给您带来不便敬请谅解。',
    en: 'Engineering work near the place you named is interrupting the signal for a short time. Service returns when the work is done. We are sorry for the trouble.',
  },
  'cutover.ongoing.end': {
    zh: '您所说的位置附近正在进行网络工程施工，信号暂时受到影响，预计{end}前恢复，给您带来不便敬请谅解。',
    en: 'Engineering work near the place you named is interrupting the signal for a short time. We expect it to be done by {end}. We are sorry for the trouble.',
  },
  'cutover.overdue': {
    zh: '您所说的位置附近的网络工程施工比原计划延长，目前仍在进行，工程人员正在尽快完成，给您带来不便敬请谅解。',
    en: 'Engineering work near the place you named is taking longer than planned and is still going on. Our engineers are finishing it as fast as they can. We are sorry for the trouble.',
  },
  'cutover.watched': {
    zh: '您所说的位置附近的网络工程施工已经结束，我们正在观察信号是否稳定。如果您现在仍无法使用，请告诉我。',
    en: 'The engineering work near the place you named is over, and we are watching whether the signal stays stable. Please tell me if it still does not work for you.',
  },
  'cutover.restored': {
    zh: '此前由于网络工程施工，您所说的位置信号短时中断，现已恢复，给您带来不便敬请谅解。',
    en: 'Engineering work interrupted the signal for a short time; it is restored. We are sorry for the trouble.',
  },
  'fault.ongoing': {
    zh: '您所说的位置附近的网络设备出现故障，工程人员正在抢修，恢复后即可正常使用，给您带来不便敬请谅解。',
    en: 'There is a network fault near the place you named. Our engineers are repairing it. We are sorry for the trouble.',
  },
  'fault.ongoing.end': {
    zh: '您所说的位置附近的网络设备出现故障，工程人员正在抢修，预计{end}前恢复，给您带来不便敬请谅解。',
    en: 'There is a network fault near the place you named. Our engineers are repairing it and expect to be done by {end}. We are sorry for the trouble.',
  },
  'fault.overdue': {
    zh: '您所说的位置附近的网络故障修复比预计时间长，工程人员仍在抢修，给您带来不便敬请谅解。',
    en: 'Repairing the network fault near the place you named is taking longer than we expected. Our engineers are still at work. We are sorry for the trouble.',
  },
  'fault.watched': {
    zh: '您所说的位置附近的网络故障已经修复，我们正在观察信号是否稳定。如果您现在仍无法使用，请告诉我。',
    en: 'The network fault near the place you named has been repaired, and we are watching whether it stays stable. Please tell me if it still does not work for you.',
  },
  'fault.restored': {
    zh: '您所说的位置附近此前出现网络故障，现已恢复，给您带来不便敬请谅解。',
    en: 'There was a network fault near the place you named; it is restored. We are sorry for the trouble.',
  },
  gap: {
    zh: '您所说的位置目前网络覆盖不足，我们已经记录，将反馈给网络规划部门。',
    en: 'Coverage at the place you named is not good enough at present. We have recorded it and pass it on to network planning.',
  },
  'gap.owner-refuses': {
    zh: '您所说的位置目前网络覆盖不足，由于物业方面的原因暂时无法安装设备，我们正在继续协调。',
    en: 'Coverage at the place you named is not good enough. Equipment cannot be installed there for now because the property does not allow it; we keep working on it.',
  },
  'gap.remedy': {
    zh: '您所说的位置目前网络覆盖不足，我们已安排网络优化，完成后信号会改善。',
    en: 'Coverage at the place you named is not good enough at present. An improvement is planned and will make it better.',
  },
  'gap.remedy.end': {
    zh: '您所说的位置目前网络覆盖不足，我们已安排网络优化，预计{end}前完成。',
    en: 'Coverage at the place you named is not good enough at present. An improvement is planned and expected by {end}.',
  },
  'advisory.ongoing': {
    zh: '您所说的地区目前发生影响服务的故障，我们正在处理，给您带来不便敬请谅解。',
    en: 'There is a disturbance of service in the area you named. We are working on it. We are sorry for the trouble.',
  },
  'advisory.ongoing.end': {
    zh: '您所说的地区目前发生影响服务的故障，我们正在处理，预计{end}前恢复，给您带来不便敬请谅解。',
    en: 'There is a disturbance of service in the area you named. We are working on it and expect it to be over by {end}. We are sorry for the trouble.',
  },
  'advisory.overdue': {
    zh: '您所说的地区的故障处理比预计时间长，我们仍在处理，给您带来不便敬请谅解。',
    en: 'The disturbance in the area you named is taking longer to repair than we expected. We are still working on it. We are sorry for the trouble.',
  },
  'advisory.restored': {
    zh: '您所说的地区此前的故障已经恢复，给您带来不便敬请谅解。',
    en: 'The disturbance in the area you named is over. We are sorry for the trouble.',
  },
  'still-out': {
    zh: '您所说的位置附近此前的故障已经恢复，但您那里仍不能使用，我已转交技术人员为您核查，处理后会联系您。',
    en: 'The fault near the place you named is over, but it still does not work for you. I have passed this on to our engineers, who will look into it and contact you.',
  },
  none: {
    zh: '目前没有发现您所说的位置附近有已知的网络问题，我已详细记录并转交技术人员核查，处理后会联系您。',
    en: 'We know of no network trouble near the place you named. I have recorded it in detail and passed it on to our engineers, who will contact you.',
  },
  'not-network': {
    zh: '您反映的问题与网络信号无关，我来为您查询账户和业务情况。',
    en: 'What you describe does not come from the network. Let me look at your account and services.',
  },
  'customer-side': {
    zh: '从您描述的情况看，问题可能出在手机、SIM卡或家中设备上，我来帮您一步步检查。',
    en: 'From what you describe, the trouble may lie with your phone, SIM card or equipment at home. Let me go through it with you step by step.',
  },
  'feed-stale': {
    zh: '我们目前暂时无法获取最新的网络状态，我已详细记录您的问题，核实后会尽快联系您。',
    en: 'We cannot see the latest state of the network at the moment. I have recorded your trouble in detail, and we will contact you as soon as we have checked.',
  },
  ask: { zh: '请问当时您是在{a}附近吗？', en: 'Was it near {a}?' },
  'ask.or': { zh: '请问当时您是在{a}附近，还是在{b}附近？', en: 'Was it near {a}, or near {b}?' },
  'ask.where': {
    zh: '请问问题发生在什么地方？附近有什么街道、小区或建筑？',
    en: 'Where did it happen? Which street, estate or building is close by?',
  },
}

import type { FigureDefinitions } from '../../schemas/answer-statistics.ts'

/** What the figures of `/v1/statistics` mean, in the words that stand beside them. */
export const definitions: FigureDefinitions = {
  complaints: {
    zh: '当日受理的投诉数，按客户来电时间计；已撤销的不计。',
    en: 'Complaints by the day of the call; withdrawn ones are not counted.',
  },
  outages: {
    zh: '当日开始的故障数，按故障起始时间计；并入其他故障、已不再成立或已撤销的不计。涉及多项业务的故障在各业务下各计一次，总数只计一次。',
    en: 'Outages by the day on which they began; those merged into others, no longer holding or withdrawn are not counted. One of several services counts under each of them and once in total.',
  },
  perTenThousand: {
    zh: '每万用户数。基数为资产中网元的现有用户数之和：下级网元有用户数的，不再计上级。用户数未知则为“no base”。',
    en: 'For 10,000 subscribers. The base is the sum of subscribers of elements as the inventory has them now; an element counts where none directly below it has any. "no base" where none are known.',
  },
  yearBefore: {
    zh: '上年同期：同日期；按周时为 52 周前。记录未覆盖上年同期起始日，或上年同期为零，变化率为“no base”。',
    en: 'The same dates a year before; by week, 52 weeks before. "no base" where records do not reach back to the first of those days, or where nothing was counted in them.',
  },
  firstContactResolution: {
    zh: '一次解决率：来电后 15 分钟内已答复、未转派，且同一客户 7 天内未再来电的投诉。基数为客户已知、且已满 7 天的投诉。',
    en: 'Told an answer within 15 minutes of the call, never dispatched, and the same customer did not call again within 7 days. Base: complaints of known customers whose 7 days are over.',
  },
  repeats: {
    zh: '重复投诉：同一客户在前 7 天内已来电。基数为客户已知的投诉。',
    en: 'The same customer had called within the 7 days before. Base: complaints of known customers.',
  },
  timeToCauseMs: {
    zh: '从来电到首次给出现有根因的时长中位数（毫秒），按宽度递增 25% 的区间统计，误差不超过 12%；区间见 betweenMs。基数为已归因的投诉；历史导入的不计时。',
    en: 'Median time from the call until the root cause that stands now was first named, in milliseconds, counted in bins each a quarter wider than the one before: at most 12% off above a second; `betweenMs` is the bin. Base: explained complaints; those loaded from history are not timed.',
  },
  statedEndsKept: {
    zh: '首次告知客户的恢复时间得到兑现的比例：原因在该时间前已消除。基数为已告知恢复时间且原因已消除的投诉；尚未消除的不计。',
    en: 'What explains the complaint was over by the first end that the customer was told. Base: complaints with a stated end whose cause is over; those that last are not judged yet.',
  },
  callbacks: {
    zh: '按回访当日计：联系上客户的回访（恢复正常或仍有故障）占全部回访的比例。',
    en: 'Callbacks by the day when they were made: those that reached the customer (fine or still out) of all that were made.',
  },
}

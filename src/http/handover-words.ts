import type { FeedSilence } from '../../projections/feed-silence.ts'
import type { Notice } from '../../projections/notice-row.ts'
import type { OutageEnded } from '../../schemas/outage.ts'

export type PageLanguage = 'zh' | 'en'

interface HandoverWords extends Record<
  | 'title'
  | 'stillOpen'
  | 'opened'
  | 'closed'
  | 'clustersClosed'
  | 'promisesMissed'
  | 'promisesBroken'
  | 'ordersOpened'
  | 'ordersResolved'
  | 'ordersDead'
  | 'feedsDown'
  | 'rejected'
  | 'notes',
  string
> {
  readonly none: string
  readonly incomplete: string
  readonly unexplained: string
  readonly muted: string
  readonly more: (count: number) => string
  readonly states: Readonly<Record<Notice['state'], string>>
  readonly silences: Readonly<Record<FeedSilence['reason'], string>>
  readonly reasons: Readonly<Record<OutageEnded['reason'], string>>
  readonly heads: Readonly<
    Record<
      | 'what'
      | 'owner'
      | 'end'
      | 'customers'
      | 'state'
      | 'at'
      | 'reason'
      | 'by'
      | 'cause'
      | 'text'
      | 'source'
      | 'from'
      | 'to'
      | 'repaired'
      | 'order'
      | 'unexplained'
      | 'complaints',
      string
    >
  >
}

/** The words of the printed handover (交接班). */
export const handoverWords: Readonly<Record<PageLanguage, HandoverWords>> = {
  zh: {
    title: '交接班记录',
    stillOpen: '未结事项',
    opened: '本班新增故障',
    closed: '本班结束故障',
    promisesMissed: '未兑现的预计恢复时间',
    clustersClosed: '本班关闭的投诉簇',
    promisesBroken: '未兑现的客户承诺',
    ordersOpened: '本班派出工单',
    ordersResolved: '本班办结工单',
    ordersDead: '未送达的工单消息',
    feedsDown: '中断的数据源',
    rejected: '被否定的原因',
    notes: '备注',
    none: '无',
    incomplete: '内容过多，以下并不完整。',
    unexplained: '原因不明的投诉簇',
    muted: '已静默',
    more: (count) => `另有 ${count} 条，见系统`,
    states: { suspected: '疑似', open: '未恢复', watched: '已修复，观察中', restored: '已恢复' },
    silences: { 'never-heard': '从未收到', silent: '无数据', lagging: '数据滞后' },
    reasons: {
      restored: '已恢复',
      merged: '已合并',
      'no-longer-explains': '不再成立',
      withdrawn: '已撤回',
      rejected: '原因被否定',
    },
    heads: {
      what: '事项',
      owner: '负责人',
      end: '预计恢复',
      customers: '客户数',
      state: '状态',
      at: '时间',
      reason: '结果',
      by: '人员',
      cause: '原因',
      text: '内容',
      source: '数据源',
      from: '自',
      to: '至',
      repaired: '实际修复',
      order: '工单',
      unexplained: '未解释客户',
      complaints: '投诉数',
    },
  },
  en: {
    title: 'Handover of the shift',
    stillOpen: 'Still open',
    opened: 'Outages opened',
    closed: 'Outages closed',
    promisesMissed: 'Stated ends that were missed',
    clustersClosed: 'Clusters closed',
    promisesBroken: 'Ends told to customers that were missed',
    ordersOpened: 'Orders opened',
    ordersResolved: 'Orders resolved',
    ordersDead: 'Messages that order systems did not take',
    feedsDown: 'Feeds down',
    rejected: 'Causes rejected',
    notes: 'Notes',
    none: 'none',
    incomplete: 'There was more than one answer takes: this is not complete.',
    unexplained: 'Unexplained complaints',
    muted: 'muted',
    more: (count) => `and ${count} more in the system`,
    states: { suspected: 'suspected', open: 'open', watched: 'repaired, watched', restored: 'restored' },
    silences: { 'never-heard': 'never heard', silent: 'silent', lagging: 'late' },
    reasons: {
      restored: 'restored',
      merged: 'merged',
      'no-longer-explains': 'explains nothing any more',
      withdrawn: 'withdrawn',
      rejected: 'cause rejected',
    },
    heads: {
      what: 'What',
      owner: 'Owner',
      end: 'Expected end',
      customers: 'Customers',
      state: 'State',
      at: 'When',
      reason: 'Outcome',
      by: 'By',
      cause: 'Cause',
      text: 'Text',
      source: 'Source',
      from: 'From',
      to: 'To',
      repaired: 'Repaired',
      order: 'Order',
      unexplained: 'Unexplained',
      complaints: 'Complaints',
    },
  },
}

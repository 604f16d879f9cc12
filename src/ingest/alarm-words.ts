/** What vendors and people write for a severity; lower case. Numbers are those of X.733's order, 1 the gravest. */
const severities: Readonly<Record<string, string>> = {
  critical: 'CRITICAL',
  1: 'CRITICAL',
  紧急: 'CRITICAL',
  严重: 'CRITICAL',
  一级: 'CRITICAL',
  emergency: 'CRITICAL',
  major: 'MAJOR',
  2: 'MAJOR',
  重要: 'MAJOR',
  主要: 'MAJOR',
  二级: 'MAJOR',
  high: 'MAJOR',
  minor: 'MINOR',
  3: 'MINOR',
  次要: 'MINOR',
  一般: 'MINOR',
  三级: 'MINOR',
  medium: 'MINOR',
  warning: 'WARNING',
  4: 'WARNING',
  警告: 'WARNING',
  提示: 'WARNING',
  四级: 'WARNING',
  low: 'WARNING',
  info: 'WARNING',
  indeterminate: 'INDETERMINATE',
  5: 'INDETERMINATE',
  不确定: 'INDETERMINATE',
  未知: 'INDETERMINATE',
  unknown: 'INDETERMINATE',
  cleared: 'CLEARED',
  clear: 'CLEARED',
  已清除: 'CLEARED',
  清除: 'CLEARED',
  恢复: 'CLEARED',
}

/** Words of which one in a vendor's category tells the X.733 type; the first that fits wins. */
const typeWords: readonly (readonly [RegExp, string])[] = [
  [/environment|power|ups|mains|battery|door|temperature|环境|动力|电源/, 'ENVIRONMENTAL_ALARM'],
  [/quality|qos|performance|服务质量|性能/, 'QUALITY_OF_SERVICE_ALARM'],
  [/processing|software|处理/, 'PROCESSING_ERROR_ALARM'],
  [/equipment|hardware|device|设备|硬件/, 'EQUIPMENT_ALARM'],
  [/communication|link|transmission|signal|通信|链路|传输/, 'COMMUNICATIONS_ALARM'],
]

/** The standard's word for a severity; what is not known stays as written, for the schema to refuse. */
export function severityOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (severities[text.toLowerCase()] ?? text.toUpperCase())
}

/** The standard's name of an alarm type, from it or from a vendor's category; `OTHER` where neither tells. */
export function alarmTypeOf(text: string | undefined, known: readonly string[]): string | undefined {
  if (text === undefined) return undefined
  const standard = text.toUpperCase().replace(/[\s-]+/g, '_')
  const exact = [standard, `${standard}_ALARM`].find((name) => known.includes(name))
  return exact ?? typeWords.find(([word]) => word.test(text.toLowerCase()))?.[1] ?? 'OTHER'
}

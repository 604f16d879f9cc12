import { stringify } from 'csv-stringify/sync'
import type { Callback } from '../../projections/callback.ts'
import { defused } from '../export/csv-text.ts'
import { maskFields } from '../vault/mask.ts'
import type { Vault } from '../vault/vault.ts'

/** The columns of a dialler's list, with their names in both languages. */
const columns = [
  ['complaintId', '投诉编号'],
  ['phone', '电话号码'],
  ['name', '姓名'],
  ['channel', '回访渠道'],
  ['language', '语言'],
  ['escalated', '升级'],
  ['customerClass', '客户等级'],
  ['outageId', '故障编号'],
  ['reason', '回访原因'],
  ['waitingSince', '等待起始'],
  ['dueSince', '可回访起始'],
  ['callFrom', '最早呼叫时间'],
  ['attempts', '已呼叫次数'],
  ['attemptsLeft', '剩余次数'],
  ['told', '已告知内容'],
] as const

interface DiallerOptions {
  readonly language: 'zh' | 'en'
  /** Whether the caller may see numbers and names; else they are masked. */
  readonly personal: boolean
  readonly vault: Pick<Vault, 'unseal'>
}

/** Callbacks as CSV, one a line, in their order. Who was erased has neither number nor name. */
export async function diallerCsv(
  callbacks: readonly Callback[],
  { language, personal, vault }: DiallerOptions,
): Promise<string> {
  const heading = columns.map(([en, zh]) => (language === 'zh' ? zh : en))
  const opened = await Promise.all(
    callbacks.map(async (callback) => ({ callback, unsealed: await vault.unseal(callback.complaintId) })),
  )
  const lines = opened.map(({ callback, unsealed }) => {
    const sealed = unsealed.kind === 'fields' ? unsealed.fields : {}
    const { phone, name } = personal ? sealed : maskFields(sealed)
    const { told, escalated, ...rest } = callback
    const values = new Map<string, unknown>(
      Object.entries({
        ...rest,
        phone: phone === undefined ? '' : dialled(phone),
        name,
        language: told.language,
        told: told.words,
        escalated: escalated ? 1 : 0,
      }),
    )
    return columns.map(([column]) => (column === 'phone' ? values.get(column) : defused(values.get(column))))
  })
  return stringify([heading, ...lines])
}

/** A number as a dialler takes it. A plus before digits alone can do no harm in a spreadsheet; anything else is made safe. */
function dialled(phone: string): unknown {
  const digits = phone.replaceAll(/[\s()./-]/g, '')
  return /^\+?\d+$/.test(digits) ? digits : defused(phone)
}

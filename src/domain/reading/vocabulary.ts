import { circumstanceWords } from './circumstance-words.ts'
import { otherReasonWords } from './other-reason-words.ts'
import type { Term } from './term.ts'
import { troubleWords } from './trouble-words.ts'

/**
 * Everything that is read from free text, one meaning an entry, its words separated by `|`. Where two begin at the same
 * character, the longer one counts; so a phrase may mean something else than its words ("没有信号" than "有信号"). Words
 * that stand in two entries mean both.
 */
export const vocabulary: readonly Term[] = [...troubleWords, ...circumstanceWords, ...otherReasonWords]

/** Characters as Hong Kong, Macao and Taiwan write them, each before the one that the vocabulary uses. */
export const characterForms =
  '訊信 讯信 號号 網网 電电 話话 斷断 線线 無无 沒没 裡里 裏里 會会 來来 時时 間间 視视 機机 頻频 寬宽 帶带 聽听 見见 聲声 ' +
  '費费 單单 帳账 錢钱 壞坏 復复 還还 總总 長长 從从 現现 強强 開开 關关 設设 係是 冇没 個个 樓楼 車车 庫库 廳厅 實实 餘余 ' +
  '額额 處处 過过 連连 撥拨 繳缴 遊游 換换 鄰邻 發发 後后 點点 鐘钟 嘅的 喺在 唔不 戶户 約约 裝装 態态 務务 業业 問问 題题'

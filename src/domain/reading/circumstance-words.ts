import type { Term } from './term.ts'

/** When and where the trouble is, whether it goes on, and the words that bend others. */
// Laid out by hand, so that it reads as the table that it is.
// prettier-ignore
export const circumstanceWords: readonly Term[] = [
  // How often, since when, and whether it goes on.
  { id: 'sudden', pattern: 'sudden',
    zh: '突然 | 忽然 | 刚刚 | 刚才 | 突然间 | 一下子 | 方才 | 忽然间',
    en:
      'sudden* | all of a sudden | just now | just stopped | just went | out of nowhere | abruptly | ' +
      'minutes ago' },
  { id: 'intermittent', pattern: 'intermittent',
    zh:
      '时有时无 | 时断时续 | 断断续续 | 偶尔 | 时好时坏 | 间歇 | 有时 | 有时候 | 不时 | 忽快忽慢 | 经常 | ' +
      '老是 | 频繁 | 隔三差五 | 一会儿有一会儿没 | 信号时有时无 | 不断 | 动不动 | 老断 | 总断 | 时不时 | ' +
      '经常断',
    en:
      'intermittent* | on and off | off and on | comes and goes | come and go | sometimes | ' +
      'now and then | occasional* | sporadic* | keep* | frequent* | often | constantly | ' +
      'every few minutes | at times | patchy | several times | in and out | random*' },
  { id: 'chronic', pattern: 'chronic',
    zh:
      '长期 | 几个月 | 好几个月 | 半年 | 很久 | 好久 | 一年 | 几年 | 多年 | 从来 | 向来 | 每天晚上 | ' +
      '每晚 | 每天 | 天天 | 这几个月 | 一个月 | 两个月 | 三个月 | 好几周 | 几周 | 几个星期 | 好几天 | ' +
      '历来 | 一到晚上 | 搬进来就 | 一直以来 | 常年 | 个月了 | 老问题',
    en:
      'for months | for years | for weeks | months | for ages | every evening | every night | every day | ' +
      'daily | each evening | every morning | every weekend | since i moved in | since we moved in | ' +
      'never had | has never | chronic* | long term | for a long time | since last year | all year | ' +
      'for a year | years of | ongoing | weeks' },
  { id: 'always', duration: 'always',
    zh: '一直 | 总是 | 始终 | 一贯',
    en: 'always | all the time | constant | continu*' },
  { id: 'recent', duration: 'recent',
    zh:
      '今天 | 今早 | 今晚 | 早上 | 上午 | 中午 | 下午 | 小时 | 分钟 | 刚刚 | 刚才 | 昨天 | 昨晚 | 从昨 | ' +
      '点钟 | 点开始 | 点多',
    en:
      'today | this morning | this afternoon | tonight | this evening | hour | hours | minutes | ' +
      'since noon | yesterday | last night | just now | oclock | minutes ago' },
  { id: 'still', stillOut: 'yes',
    zh:
      '还是 | 仍然 | 仍 | 到现在 | 依然 | 至今 | 还 | 又 | 没恢复 | 没有恢复 | 未恢复 | 没修好 | 没有修好 | ' +
      '没好 | 没解决 | 未解决',
    en:
      'still | even now | until now | not yet | not restored | not fixed | not back | again | to this day | ' +
      'never came back | hasnt come back | has not come back | has not been fixed | not been restored | ' +
      'has not been restored | so far' },
  // Says that it goes on where a trouble stands beside it, and that it is over where it is fine.
  { id: 'now',
    zh: '现在 | 目前 | 此刻 | 这会儿',
    en: 'now | right now | at the moment | currently | presently' },
  { id: 'restored', stillOut: 'no',
    zh:
      '恢复了 | 已恢复 | 恢复 | 已经恢复 | 好了 | 已经好 | 已经好了 | 又好了 | 又有了 | 又有信号了 | ' +
      '修好了 | 恢复正常 | 现在好了 | 现在正常 | 现在可以了 | 可以了 | 现在有信号了 | 后来好了 | 就好了 | ' +
      '现在正常了',
    en:
      'restored | back now | back to normal | working again | came back | is back | are back | ' +
      'came on again | fixed now | is fixed | been fixed | works again | works now | fine now | ok now | ' +
      'resolved | back on | working now | went away | back up | all good now | it came back' },

  // Where.
  { id: 'basement-or-lift', setting: 'basement-or-lift',
    zh:
      '地下车库 | 地下室 | 电梯 | 车库 | 地下停车场 | 负一楼 | 负一层 | 负二层 | 地库 | 地下商场 | 人防 | ' +
      '地下 | 停车场 | 升降机 | 𨋢',
    en:
      'basement* | lift | lifts | elevator* | underground | garage | car park | parking garage | ' +
      'cellar* | underground parking' },
  { id: 'moving', setting: 'moving',
    zh:
      '高铁 | 高速上 | 高速公路 | 火车 | 地铁上 | 开车 | 车上 | 动车 | 公交车上 | 坐车 | 行驶 | 隧道 | 地铁里 | ' +
      '地铁 | 途中 | 列车',
    en:
      'in the car | train | trains | driving | on the bus | motorway | highway | tunnel* | commut* | ' +
      'on the road | subway | in my car | while travelling | travelling | the metro | on the move' },
  { id: 'indoor', setting: 'indoor',
    zh:
      '室内 | 家里 | 屋里 | 房间 | 卧室 | 客厅 | 办公室 | 楼里 | 楼内 | 家中 | 在家 | 厕所 | 厨房 | ' +
      '宿舍 | 教室 | 商场里 | 阳台里 | 房里 | 屋内 | 店里 | 里屋',
    en:
      'indoor* | inside | at home | in my house | in the house | in my flat | in my apartment | ' +
      'bedroom* | living room | kitchen | office | in my room | upstairs | downstairs | in the building | ' +
      'classroom* | in our flat | my home' },
  { id: 'outdoor', setting: 'outdoor',
    zh:
      '室外 | 户外 | 外面 | 街上 | 马路上 | 公园 | 广场上 | 楼下 | 路边 | 田里 | 山上 | 海边 | 操场 | ' +
      '屋外',
    en:
      'outdoor* | outside | on the street | in the street | in the park | in the garden | in the field* | ' +
      'on the beach | on the hill | in the square' },

  // Words that bend others.
  { id: 'not', role: 'not',
    zh: '不 | 没 | 没有 | 无 | 未 | 不是 | 并没有 | 不会 | 没有任何 | 也没有 | 没什么 | 木有',
    en:
      'not | no | never | isnt | arent | wasnt | dont | doesnt | didnt | without | havent | hasnt | nor | ' +
      'no more | nothing wrong with | not any | have no | got no | dont have | do not have | dont get | ' +
      'do not get | not the | not a' },
  // A question about the end says that there is none yet.
  { id: 'asks-when', stillOut: 'yes',
    zh:
      '什么时候 | 啥时候 | 何时 | 几时 | 多久 | 几点能 | 多长时间',
    en: 'when will | when is it | when are | how long | any idea when | eta' },
  // Asks, and denies nothing, though a "not" is in it.
  { id: 'question', role: 'neutral',
    zh: '是不是 | 有没有 | 能不能 | 是否 | 会不会 | 可不可以',
    en: 'whether' },
  // Says nothing, though a word that does is in it.
  { id: 'neutral', role: 'neutral',
    zh: '可以 | 还好 | 还可以 | 还有 | 还款 | 不客气 | 不好意思 | 没事 | 不知道 | 不清楚 | 不懂 | 老人 | 卡号 | 网点 | 网上 | 好不好',
    en:
      'work from home | working from home | works from home | at work | from work | to work | i work | ' +
      'down the | down here | down there | not sure | do not know | dont know | no idea | no thanks | ' +
      'cant believe | cannot believe | good morning | good afternoon | good evening | ok so | low income' },
  { id: 'but', role: 'but',
    zh: '但是 | 但 | 可是 | 就是 | 不过 | 然而 | 却 | 只是',
    en: 'but | however | though | although | yet | except | only that | and yet | just that | while' },
]

import type { Term } from './term.ts'

/** What customers complain about, and how they say that it fails or works. */
// Laid out by hand, so that it reads as the table that it is.
// prettier-ignore
export const troubleWords: readonly Term[] = [
  // What it is about.
  { id: 'signal', subject: 'signal', service: 'mobile',
    zh: '信号 | 手机信号 | 覆盖 | 4g信号 | 5g信号 | 网络信号 | 手机网络信号',
    en:
      'signal* | reception | coverage | phone signal | mobile signal | cell signal | bars | ' +
      'phone reception | cell reception | cell phone signal | cell coverage | 4g signal | 5g signal | lte signal' },
  { id: 'call', subject: 'call',
    zh: '电话 | 通话 | 打电话 | 接电话 | 手机通话 | 拨打 | 呼叫',
    en: 'call | calls | calling | phone call* | phonecall* | conversation*' },
  { id: 'mobile-data', subject: 'data', service: 'mobile',
    zh:
      '流量 | 移动数据 | 数据网络 | 手机上网 | 手机网 | 手机网络 | 手机网速 | 4g网络 | 5g网络 | 4g | 5g | ' +
      '3g | 移动网络 | 4g信号上网',
    en:
      'mobile data | cellular data | mobile internet | 3g | 4g | 5g | lte | data connection | data | ' +
      'hotspot' },
  { id: 'internet', subject: 'net',
    zh: '上网 | 网络 | 网速 | 网 | 互联网 | 网页 | 刷视频 | 看视频 | 视频 | 微信 | 游戏 | 打游戏 | 抖音',
    en: '' },
  { id: 'internet', subject: 'internet',
    zh: '',
    en:
      'internet | intenet | the net | web | webpage* | website* | page | pages | online | connection | connectivity | ' +
      'network | speed* | download* | upload* | bandwidth | stream* | video* | youtube | netflix | ' +
      'gaming | mbps | isp' },
  { id: 'broadband', subject: 'broadband', service: 'broadband',
    zh: '宽带 | 家里的网 | 家里网 | 家里网络 | 家里网速 | 家庭宽带 | 光纤 | 有线网 | 宽带网络 | 宽带网速',
    en:
      'broadband | home internet | fibre | fiber | dsl | adsl | ethernet | xfinity internet | ' +
      'cable internet' },
  { id: 'wifi', subject: 'broadband', service: 'broadband',
    zh: 'wifi | wi fi | 无线网 | 无线网络 | wifi信号 | 无线信号',
    en: 'wifi | wi fi | wifi signal | wi fi signal | wireless internet' },
  { id: 'voice', subject: 'voice',
    zh: '声音 | 杂音 | 回音 | 话音 | 通话质量 | 通话声音 | 音质',
    en: 'voice | voice quality | call quality | sound | audio' },
  { id: 'sms', subject: 'sms',
    zh: '短信 | 验证码 | 发信息 | 收信息',
    en: 'sms | text | texts | text message* | message* | verification code*' },
  { id: 'landline', subject: 'landline', service: 'fixed-voice',
    zh: '座机 | 固话 | 固定电话 | 家里电话 | 办公电话',
    en:
      'landline* | land line* | home phone* | house phone* | fixed line* | telephone | phone line* | ' +
      'phone service' },
  { id: 'dial-tone', subject: 'dial-tone', service: 'fixed-voice',
    zh: '拨号音 | 忙音',
    en: 'dial tone* | dialtone | dialling tone | dialing tone' },
  { id: 'tv', subject: 'tv', service: 'tv',
    zh: '电视 | 机顶盒 | iptv | 频道 | 网络电视 | 有线电视 | 电视信号 | 直播频道',
    en:
      'tv | television | iptv | channel* | set top box* | cable box* | cable tv | cable television | ' +
      'picture | tv signal | dvr | cable service | cable' },
  { id: 'phone', subject: 'phone', service: 'mobile',
    zh: '手机 | 我手机 | 移动电话',
    en:
      'phone | phones | mobile | cell | cell phone* | cellphone* | mobile phone* | handset* | iphone* | ' +
      'smartphone*' },
  { id: 'sim', subject: 'sim', service: 'mobile',
    zh: 'sim卡 | 手机卡 | 电话卡 | 这张卡 | 我的卡',
    en: 'sim | sim card*' },
  { id: 'router', subject: 'router', service: 'broadband',
    zh: '路由器 | 光猫 | 猫',
    en: 'router* | modem* | gateway' },
  { id: 'service', subject: 'service',
    zh: '服务',
    en: 'service | services | cell service | mobile service' },

  // How it is.
  { id: 'good', state: 'good',
    zh:
      '正常 | 很好 | 有信号 | 信号满格 | 满格 | 信号好 | 没问题 | 没有问题 | 良好 | 信号很强 | 可以用 | ' +
      '能用 | 能上网 | 不错 | 稳定 | 充足 | 都好',
    en:
      'good | fine | ok | okay | full | strong | works | working | work | perfect* | great | normal | ' +
      'no problem* | no issue* | stable | up and running' },
  { id: 'good', subject: 'signal', state: 'good', service: 'mobile',
    zh: '有信号 | 信号满格 | 信号很强 | 信号好',
    en:
      'full bars | full signal | there is signal | there is a signal | have signal | have a signal | ' +
      'i get signal | five bars | all bars' },
  { id: 'no-signal', subject: 'signal', state: 'none', service: 'mobile',
    zh:
      '没信号 | 没有信号 | 无信号 | 没有一点信号 | 一点信号都没有 | 一格信号都没有 | 信号都没有 | ' +
      '信号没了 | 信号没有了 | 没有服务 | 无服务 | 搜不到网 | 不在服务区 | 盲区 | 仅限紧急呼叫 | 只能紧急呼叫 | 仅紧急呼叫 | 找不到信号 | ' +
      '信号全无 | 完全没信号 | 信号消失 | 没有网络信号 | 手机没网络信号 | 信号中断 | 没有覆盖 | 无覆盖 | ' +
      '信号断了',
    en:
      'no bars | zero bars | not a single bar | lost signal | lost all signal | loses signal | ' +
      'signal is gone | signal has gone | signal disappeared | dead zone* | dead spot* | blind spot* | ' +
      'no network | emergency calls only | sos only | out of coverage | not spot* | ' +
      'searching for network' },
  { id: 'weak-signal', subject: 'signal', state: 'bad', service: 'mobile',
    zh:
      '信号弱 | 信号差 | 信号不好 | 信号很差 | 信号太差 | 信号不稳定 | 信号不稳 | 弱信号 | 一格信号 | ' +
      '只有一格 | 信号时有时无 | 信号很弱 | 信号不太好 | 信号很不好',
    en: 'one bar | only one bar | single bar | one or two bars | patchy' },
  { id: 'cannot-call', subject: 'call', state: 'cannot',
    zh:
      '打不出 | 打不出去 | 电话打不出 | 打不通 | 电话打不通 | 打不进 | 打不进来 | 接不到电话 | ' +
      '接不了电话 | 打不了电话 | 接不通 | 拨不出 | 拨不通 | 无法接通 | 无法拨打 | 不能打电话 | 无法通话 | ' +
      '接听不了 | 打唔通 | 打唔出 | 呼不通 | 打不了',
    en:
      'cant call | cannot call | calls fail* | calls wont connect | calls dont connect | ' +
      'calls do not connect | call fail* | straight to voicemail | cant get through | cannot be reached | ' +
      'cant dial | cannot dial | unable to call' },
  { id: 'dropped-call', subject: 'call', state: 'drop',
    zh:
      '掉话 | 断话 | 通话中断 | 电话断 | 自动挂断 | 打着打着就断 | 说着说着就断 | 通话断 | 说着就断 | ' +
      '接着就断',
    en:
      'hang up by itself | call drop* | dropped call* | cuts me off | cut off mid call | ' +
      'disconnect* mid call | cut me off' },
  { id: 'cannot-go-online', subject: 'net', state: 'none',
    zh:
      '上不了网 | 上不去网 | 上网上不了 | 没网 | 没有网 | 没有网络 | 无网络 | 断网 | 断网了 | 无法上网 | ' +
      '不能上网 | 连不上网 | 网断了 | 上唔到网 | 打不开网页 | 网页打不开 | 没网络 | 上不去 | 网络中断 | ' +
      '无法连接网络 | 没有互联网 | 网络连接失败 | 微信发不出 | 刷不出 | 加载不出来 | 用不了网',
    en: '' },
  { id: 'cannot-go-online', subject: 'internet', state: 'none',
    zh: '',
    en:
      'offline | cant get online | cannot get online | cant go online | cannot go online | ' +
      'unable to get online | pages wont load | nothing loads | wont load | cannot browse | cant browse | ' +
      'internet is out | internet out | internet down | internet outage* | lack of internet | ' +
      'do not have internet | dont have internet | loss of internet' },
  { id: 'cannot-go-online', subject: 'broadband', state: 'none', service: 'broadband',
    zh:
      '宽带断了 | 宽带上不了网 | 光信号灯红 | 光猫亮红灯 | 光猫红灯 | los灯 | los红灯 | 红灯 | ' +
      '光信号闪红 | 光信号',
    en: 'red light | los light | light is red | blinking red | no sync' },
  { id: 'slow', state: 'slow',
    zh:
      '慢 | 卡顿 | 特别卡 | 非常卡 | 比较卡 | 有点卡 | 真卡 | 语音卡 | 上网卡 | 网速卡 | 游戏卡 | 越来越卡 | 一直卡 | 卡 | 很卡 | 太卡 | 卡死 | 转圈 | 加载 | 延迟 | 缓冲 | 网速慢 | 龟速 | 卡得 | 卡的 | ' +
      '网卡 | 网很卡 | 好卡 | 卡到 | 视频卡 | 转不出来 | 不给力',
    en:
      'slow* | lag* | buffer* | latency | crawl* | throttl* | sluggish | packet loss | spinning | ' +
      'takes forever | ages to load | speed issue* | speed problem* | speed complaint* | high ping' },
  { id: 'slow', subject: 'internet', state: 'slow',
    zh: '',
    en:
      'internet speed* | cable internet speed* | wifi speed* | low speed* | lower speed* | poor speed* | network speed* | download speed* | ' +
      'upload speed* | speed test* | advertised speed* | speed as advertised | speeds as advertised | ' +
      'speed of service | speeds as low as | paying for 105' },
  { id: 'noisy', subject: 'voice', state: 'noisy',
    zh:
      '杂音 | 听不清 | 听不见 | 听不到 | 断断续续的声音 | 电流声 | 回音 | 沙沙 | 噪音 | 听唔到 | ' +
      '对方听不到 | 听不清楚 | 单通',
    en:
      'crackl* | nois* | static | echo* | cant hear | cannot hear | could not hear | couldnt hear | ' +
      'robotic | muffled | garbled | distort* | choppy | one way audio | breaking up | breaks up | ' +
      'hissing | humming' },
  { id: 'sms-failed', subject: 'sms', state: 'cannot',
    zh:
      '收不到短信 | 收不到验证码 | 短信发不出 | 发不出短信 | 短信收不到 | 短信发送失败 | 发不了短信 | ' +
      '验证码收不到',
    en: 'cant text | cannot text | texts fail* | unable to text' },
  { id: 'tv-failed', subject: 'tv', state: 'bad', service: 'tv',
    zh: '花屏 | 黑屏 | 马赛克 | 电视卡 | 雪花 | 看不了电视',
    en: 'pixelat* | frozen picture | black screen | tiling | no picture | freezing picture' },
  { id: 'no-dial-tone', subject: 'dial-tone', state: 'none', service: 'fixed-voice',
    zh: '座机没声音 | 没有拨号音 | 无拨号音 | 座机没有声音 | 固话没声音 | 座机没音 | 固话无音 | 摘机无音',
    en: 'line is dead | phone line is dead | landline is dead | dead line | phone line dead' },
  { id: 'none', state: 'none',
    zh:
      '没了 | 没有了 | 瘫痪 | 用不了 | 不能用 | 不可用 | 使用不了 | 没反应 | 失灵 | 没法用 | 全断 | ' +
      '连不上 | 连接不上 | 都没有 | 无法使用 | 中断 | 断了 | 断掉了 | 不通 | 不通了 | 无法观看 | 看不了',
    en:
      'gone | dead | went out | went down | is down | are down | down | is out | are out | been out | ' +
      'been down | not working | doesnt work | does not work | stopped working | isnt working | ' +
      'not work | wont work | never works | dont work | do not work | no longer works | lost | losing | ' +
      'lack of | nothing works | outage* | not available | unavailable | zero | downtime' },
  { id: 'cannot', state: 'cannot',
    zh:
      '不能 | 无法 | 没办法 | 没法 | 不了 | 收不到 | 发不出 | 发不出去 | 不出 | 不到 | 不上 | 失败 | ' +
      '打不开',
    en:
      'cant | cannot | can not | not going through | wont go through | dont go through | wont send | not sending | not delivered | never arrive* | couldnt | could not | unable | fail | fails | failed | failing | wont | ' +
      'impossible' },
  { id: 'bad', state: 'bad',
    zh:
      '不好 | 差 | 很差 | 太差 | 弱 | 很弱 | 不稳定 | 不稳 | 不太好 | 有问题 | 故障 | 异常 | 不行 | ' +
      '不正常 | 太烂 | 垃圾 | 出问题',
    en:
      'bad | poor* | weak | terrible | awful | horrible | unstable | unreliable | spotty | low | ' +
      'problem* | issue* | faulty | trouble* | not good | not great | not stable | no good | hardly any | ' +
      'barely | rubbish | useless | fault | glitch*' },
  { id: 'drop', state: 'drop',
    zh:
      '断线 | 掉线 | 断开 | 老断 | 总断 | 就断 | 会断 | 经常断 | 频繁断 | 断断续续 | 中途断 | 自动断 | ' +
      '又断 | 一断 | 老是断 | 总是断 | 断一次 | 时好时坏 | 时有时无 | 时断时续',
    en:
      'drop | drops | on and off | off and on | comes and goes | come and go | in and out | dropped | dropping | disconnect* | cuts out | cut out | cutting out | cuts off | ' +
      'cut off | cutting off | goes off | going off | keeps going | interrupt*' },
  { id: 'broken', state: 'broken',
    zh: '坏了 | 坏 | 摔 | 摔坏 | 进水 | 损坏 | 老化 | 烧了 | 碎了',
    en:
      'broke | broken | not recognised | isnt recognised | not recognized | isnt recognized | not detected | cracked | damaged | water damage* | smashed | wont turn on | wont charge | ' +
      'wont boot' },
]

import type { Term } from './term.ts'

/** What is not the network, what is the customer's own side, and what speaks against that. */
// Laid out by hand, so that it reads as the table that it is.
// prettier-ignore
export const otherReasonWords: readonly Term[] = [
  // Not the network.
  { id: 'billing', reason: 'billing',
    zh:
      '账单 | 话费 | 扣费 | 多扣 | 乱扣 | 收费 | 扣款 | 退费 | 退款 | 费用 | 资费 | 月租 | 发票 | 充值 | ' +
      '交费 | 缴费 | 乱收费 | 扣钱 | 违约金 | 优惠 | 计费 | 多收 | 余额不对 | 涨价 | 太贵 | 扣了',
    en:
      'bill | bills | billed | billing | charge | charges | charged | charging | overcharg* | ' +
      'over charg* | overbill* | over bill* | invoice* | refund* | rrefund | fee | fees | price | ' +
      'prices | priced | pricing | payment* | paying | paid | pay | rate | rates | cost | costs | ' +
      'overpriced | overpaid | overpayment | expensive | credit* | fraud* | scam | money | dollars | ' +
      'overage* | late payment | unauthorized | unauthorised | rental | hike* | hiking | deposit* | ' +
      'top up | direct debit | theft | stealing' },
  { id: 'barred', reason: 'barred',
    zh:
      '停机 | 欠费 | 欠费停机 | 被停 | 停了机 | 单向停机 | 双向停机 | 停用 | 号码被封 | 销号 | 封号 | ' +
      '强制停机 | 报停 | 被限制 | 限制呼出 | 呼出限制 | 停号',
    en:
      'barred | suspended | suspending | suspension | unpaid | non payment | nonpayment | overdue | ' +
      'in arrears | blocked my number | account was blocked | line was blocked | deactivated | ' +
      'disconnected for | service got disconnected | shut off for | number is blocked' },
  { id: 'allowance-used', reason: 'allowance-used',
    zh:
      '流量用完 | 流量用完了 | 流量没了 | 流量没有了 | 流量超 | 流量超了 | 流量不够 | 超出套餐 | ' +
      '流量耗尽 | 限速 | 被限速 | 达量限速 | 套餐用完 | 流量已用完 | 没流量 | 没流量了 | 没有流量 | ' +
      '超流量 | 流量快用完 | 余额不足 | 没话费 | 没话费了 | 没钱了',
    en:
      'used up my data | used all my data | used up | out of data | run out of data | ran out of data | ' +
      'no data left | data allowance | allowance | fair use | reached my limit | reached my data limit | ' +
      'exceeded my data | over my limit | no credit left | out of credit | data limit reached | ' +
      'over my allowance | data is used up | ran out of minutes' },
  { id: 'roaming-not-enabled', reason: 'roaming-not-enabled',
    zh: '漫游 | 国际漫游 | 出国 | 在国外 | 境外 | 没开漫游 | 未开通漫游 | 开通漫游',
    en: 'roaming | abroad | overseas | foreign country' },
  { id: 'contract', reason: 'contract',
    zh:
      '合约 | 合同 | 套餐 | 销户 | 过户 | 携号转网 | 转网 | 退订 | 取消业务 | 协议 | 办理业务 | 解约 | ' +
      '增值业务 | 改套餐 | 换套餐 | 合约期',
    en:
      'contract* | agreement* | data cap* | data capping | usage cap* | internet cap* | cap | caps | ' +
      'usage limit* | data usage | data limit* | data plan* | data overage* | 300gb | 300 gb | cancel* | ' +
      'terminat* | bait and switch | promotion* | promise* | advertis* | false advertising | misleading | ' +
      'mislead | bundl* | package* | plan | plans | port my number | porting | subscription* | upgrade* | ' +
      'deceptive* | monopol* | offer | sales | unfair | lied | lies | lying' },
  { id: 'installation', reason: 'installation',
    zh: '装机 | 安装 | 移机 | 新装 | 报装 | 上门安装 | 预约 | 装宽带 | 拆机 | 退机顶盒 | 没装好',
    en:
      'install* | appointment* | no show* | technician* | return equipment | returned equipment | ' +
      'return* the equipment | availability | availabilty | delivery | relocat* | activation | lease | ' +
      'run lines' },
  { id: 'customer-service', reason: 'customer-service',
    zh: '服务态度 | 态度差 | 客服态度 | 营业厅 | 投诉客服 | 态度恶劣 | 客服 | 态度',
    en:
      'customer service | customer care | customer support | rude* | support | harass* | run around | ' +
      'racism | disrespect* | representative* | unprofessional | waiting on hold' },
  { id: 'account-access', reason: 'account-access',
    zh: '登录 | 服务密码 | 查询密码 | 账号密码 | 实名 | 登陆不了 | app登录 | 解锁账号',
    en:
      'log in | login | email account | email address | username | my account | account password | ' +
      'hacked | hacking | email' },
  { id: 'nuisance', reason: 'nuisance',
    zh: '骚扰电话 | 垃圾短信 | 诈骗电话 | 推销电话 | 骚扰 | 诈骗 | 诈骗短信 | 骚扰短信 | 推销',
    en:
      'spam* | telemarket* | tele marketing | robocall* | scam call* | nuisance call* | unwanted | ' +
      'unsolicited | cold call* | threatening phone calls | continued calls' },
  { id: 'content-blocked', reason: 'content-blocked',
    zh: '网站被屏蔽 | 被屏蔽 | 屏蔽网站',
    en: 'hbo | hbogo | hbo go | blocking | blocks | net neutrality | playstation | ps3 | ps4' },

  // The customer's own side.
  { id: 'handset', reason: 'handset', service: 'mobile',
    zh:
      '手机坏 | 手机坏了 | 手机摔 | 手机进水 | 手机故障 | 手机死机 | 死机 | 手机太旧 | 老人机不支持 | ' +
      '手机不支持 | 手机没电 | 屏幕碎 | 手机主板 | 天线坏 | 手机老化 | 手机出问题 | 换手机 | 我换个手机 | ' +
      '换个手机就 | 换手机就好',
    en:
      'dropped my phone | phone got wet | phone fell | phone crash* | phone freezes | phone is old | ' +
      'phone overheats | another phone works | other phones work | works on another phone | ' +
      'works in another phone | screen is cracked | only my phone | phone doesnt support | ' +
      'phone does not support' },
  { id: 'sim', reason: 'sim', service: 'mobile',
    zh:
      '卡坏 | 卡坏了 | 无sim卡 | 没有sim卡 | 识别不了卡 | 不识别卡 | 不识卡 | 卡松 | sim卡坏 | ' +
      'sim卡坏了 | 卡槽 | 读不到卡 | 换卡 | 补卡 | sim卡故障 | 卡没激活 | 卡失效 | 检测不到sim卡',
    en:
      'no sim | sim not | insert sim | invalid sim | sim error | sim locked | puk | sim card error | ' +
      'sim failure | sim is damaged | sim is broken | replace my sim | new sim' },
  { id: 'router', reason: 'router', service: 'broadband',
    zh:
      '路由器坏 | 路由器坏了 | 光猫坏了 | 猫坏了 | 路由器死机 | 路由器太旧 | 路由器老化 | 路由器没电 | ' +
      '路由器故障 | 光猫没插电 | 电源坏 | 网线松 | 网线断 | 网线没插 | 网线坏了 | 路由器要换 | 换路由器',
    en:
      'router is broken | router broke | router died | router wont turn on | router is old | unplugged | ' +
      'cable is loose | loose cable | modem broke | bad modem | faulty modem | faulty router | ' +
      'router overheats | modem died | restart* the router fixes | reboot* the router fixes' },
  { id: 'wifi-password', reason: 'wifi-password', service: 'broadband',
    zh: 'wifi密码 | wi fi密码 | 无线密码 | 忘记密码 | 密码忘 | 改密码 | 密码错误 | 宽带密码 | 无线网密码',
    en:
      'wifi password | wi fi password | wrong password | forgot the password | forgot my password | ' +
      'password | network key | router password' },
  { id: 'settings', reason: 'settings',
    zh:
      '飞行模式 | 没开数据 | 数据没开 | 移动数据没开 | 数据开关没 | 数据开关关 | apn | 怎么设置 | 设置问题 | 设置错 | ' +
      '设置不对 | 没开流量 | 呼叫转移 | 黑名单 | 免打扰 | 静音 | 设置成',
    en:
      'airplane mode | aeroplane mode | flight mode | apn | data was off | data is off | ' +
      'data turned off | turned off data | mobile data off | mobile data was off | mobile data is off | mobile data turned off | wrong settings | apn settings | change my settings | do not disturb | ' +
      'call forwarding | how do i set | how to set | configure' },
  { id: 'others-too', shared: true,
    zh:
      '邻居也 | 邻居 | 大家都 | 全家 | 整栋楼 | 整个小区 | 都没信号 | 都没网 | 别人也 | 同事也 | ' +
      '其他手机也 | 别的手机也 | 换了手机也 | 换手机也 | 换了卡也 | 换卡也 | 重启也 | 重启过 | 重启了也 | ' +
      '重启没用 | 重启路由器也 | 重启了路由器 | 几个手机都 | 两部手机都 | 家人也 | 所有手机 | 不是手机 | ' +
      '不是我手机 | 不是路由器 | 换了路由器也 | 室友也 | 几家都 | 整层 | 换了光猫也 | 我们小区 | ' +
      '周围的人',
    en:
      'neighbour* | neighbor* | everyone | everybody | whole building | whole street | whole estate | ' +
      'other phones too | all our phones | all phones | both phones | tried another phone | ' +
      'tried a different phone | tried another sim | tried a new sim | restarted | rebooted | ' +
      'resetting the router does not help | colleagues too | my colleagues | my wifes phone too | ' +
      'same on another phone | same with another phone | my family too | not my phone | not the phone | ' +
      'replaced the router | new router | replaced the modem | even with a new sim | flatmate* | ' +
      'other people' },
]

/** Names after the manner of Guangzhou. The city is invented; only the words are those that people there would know. */
export const districtNames = ['天河区', '越秀区', '荔湾区', '海珠区', '白云区', '番禺区', '黄埔区'] as const

const first =
  '天河 白云 珠江 越秀 荔湾 东山 芳村 石牌 龙洞 沙面 五羊 体育 员村 车陂 棠下 岗顶 黄村 东圃 客村 赤岗 琶洲 江南 南洲 沥滘 昌岗 晓港 滨江 同和 京溪 梅花 麓湖 景泰 三元 新市 石井 金沙 陈家祠 西关 长寿 文昌 北京 中山 东风 环市 天寿 广园 燕岭 长湴 柯木塱 凤凰'
const streetEnds = '直街 大道 中路 东路 西路 南路 北路 横街 正街 二马路 涌边街 新街'
const estateWords =
  '白马 金碧 丽江 碧桂 锦绣 云山 珠岛 翠湖 汇景 星河 富力 祈福 雅居 南国 东方 芳草 逸景 光大 怡乐 华景 骏景 中海 都市 海印'
const estateEnds = '花园 新村 雅苑 名都 华庭 小区 大厦 广场 公寓 豪庭'
const landmarkEnds = '地铁站 市场 医院 中学 小学 公园 体育馆 客运站 工业园 商场'

const product = (heads: string, tails: string): string[] =>
  tails.split(' ').flatMap((tail) => heads.split(' ').map((head) => head + tail))

/** Each a list of different names, in a fixed order. */
export const streetNames: readonly string[] = product(first, streetEnds)
export const estateNames: readonly string[] = product(estateWords, estateEnds)
export const landmarkNames: readonly string[] = product(first, landmarkEnds)

import { describe, expect, it } from 'vitest'
import { createPlaceIndex } from '../../src/places/place-index.ts'

const placeCount = 200_000
const districts =
  '天河 白马 中山 解放 人民 北京 建设 环市 东风 体育 黄埔 越秀 荔湾 珠江 花城 石牌 龙口 员村 车陂'.split(' ')
const characters = Array.from(
  '东西南北中上下大小新老金银华兴隆泰和平安福寿康宁德仁义礼智信诚美丽江河湖海山林森石桥村园庭苑府城堡阁楼台轩居湾岸岛洲源泉溪谷峰岭坡田野花草木竹梅兰菊荷莲桂枫柳松柏龙凤虎马牛羊',
)
const endings = '路 街 大道 花园 小区 大厦 广场 村 中学 医院 地铁站 号院 苑 新村 商场'.split(' ')
const words =
  'Baker King Queen Church Station Park Mill High Victoria Albert Green Spring London York Chester'.split(' ')
const streets = 'Street Road Lane Avenue Square Gardens Estate Hospital House'.split(' ')

/** A multiplicative generator (Park and Miller), so that every run sees the same city. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

describe(`${placeCount} places`, () => {
  const random = seeded(42)
  const pick = (from: readonly string[]): string => from[random(from.length)] ?? ''
  const name = (at: number): string =>
    at % 5 === 0
      ? `${pick(words)} ${pick(words)} ${pick(streets)}`
      : pick(districts) +
        Array.from({ length: 2 + random(4) }, () => pick(characters)).join('') +
        pick(endings)
  const index = createPlaceIndex()

  it('are indexed, and each way of asking finds the one place among them', () => {
    const start = performance.now()
    for (let at = 0; at < placeCount; at++) {
      const point = [113 + random(1000) / 1000, 23 + random(1000) / 1000] as const
      index.put({ id: `p${at}`, name: name(at), kind: 'place', point })
    }
    index.put({
      id: 'wanted',
      name: '天河直街',
      aliases: ['Tianhe Straight Street'],
      kind: 'street',
      point: [113.3, 23.1],
    })
    const buildMs = performance.now() - start
    const timings = '天河直,天河植街,tianhezhijie,tianhezhi,thzj,Tianhe Strait Street,street straight tianhe'
      .split(',')
      .map((query) => {
        const before = performance.now()
        const [first] = index.search(query)
        const ms = performance.now() - before
        expect([query, first?.place.id]).toEqual([query, 'wanted'])
        return `${query} ${ms.toFixed(1)}`
      })
    // Printed for people; how fast this machine happens to be decides no test.
    console.log(`built in ${(buildMs / 1000).toFixed(1)} s; first answers in ms: ${timings.join(', ')}`)
  })
})

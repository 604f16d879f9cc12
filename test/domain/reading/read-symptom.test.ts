import { describe, expect, it } from 'vitest'
import { readService } from '../../../src/domain/reading/read-service.ts'
import { readSymptom } from '../../../src/domain/reading/read-symptom.ts'

describe('symptom and service, read from what people say', () => {
  it.each([
    // No signal.
    ['手机没信号了', 'no-signal', 'mobile'],
    ['从早上开始家里一点信号都没有', 'no-signal', 'mobile'],
    ['天河直街这边完全没有信号，电话打不出去', 'no-signal', 'mobile'],
    ['手機冇訊號', 'no-signal', 'mobile'],
    ['信号正常，但是进了电梯就没信号', 'no-signal', 'mobile'],
    ['没有4G信号', 'no-signal', 'mobile'],
    ['无服务，一直显示不在服务区', 'no-signal', 'mobile'],
    ['There is no signal at Tianhe Straight Street', 'no-signal', 'mobile'],
    ["I've got no bars at all since 10 this morning", 'no-signal', 'mobile'],
    ['lost all signal, phone says emergency calls only', 'no-signal', 'mobile'],
    ['My mobile has had no reception since noon', 'no-signal', 'mobile'],
    ["We don't get any signal in the basement", 'no-signal', 'mobile'],
    ['又没信号了', 'no-signal', 'mobile'],
    ['现在还没有信号', 'no-signal', 'mobile'],
    // Weak signal.
    ['家里信号一直不好', 'weak-signal', 'mobile'],
    ['室内信号很差，只有一格', 'weak-signal', 'mobile'],
    ['信号时有时无', 'weak-signal', 'mobile'],
    ['not bad outside but the signal indoors is really weak', 'weak-signal', 'mobile'],
    ['Very poor reception in my flat for months', 'weak-signal', 'mobile'],
    ['only one bar in the kitchen', 'weak-signal', 'mobile'],
    ['the signal is not good here', 'weak-signal', 'mobile'],
    ['信号时好时坏，投诉多次未解决', 'weak-signal', 'mobile'],
    ['电信信号没有，联通的有', 'no-signal', 'mobile'],
    ['手机显示仅限紧急呼叫', 'no-signal', 'mobile'],
    ['Signal comes and goes in the house, fine in the garden', 'weak-signal', 'mobile'],
    // Dropped calls.
    ['有信号，但打电话老是掉话', 'dropped-calls', 'mobile'],
    ['通话打着打着就断', 'dropped-calls', undefined],
    ['signal is fine but calls drop', 'dropped-calls', 'mobile'],
    ['My calls keep dropping after a minute', 'dropped-calls', undefined],
    ['every call gets cut off', 'dropped-calls', undefined],
    // Cannot connect.
    ['电话打不通', 'cannot-connect', undefined],
    ['信号满格可是电话打不出去', 'cannot-connect', 'mobile'],
    ['別人打唔通我電話', 'cannot-connect', undefined],
    ['无法接通，每次都这样', 'cannot-connect', undefined],
    ['I cannot make calls', 'cannot-connect', undefined],
    ['full bars but unable to make or receive calls', 'cannot-connect', 'mobile'],
    ['calls go straight to voicemail', 'cannot-connect', undefined],
    // Slow data.
    ['手机上网很慢', 'slow-data', 'mobile'],
    ['5G网速特别慢，视频卡顿', 'slow-data', 'mobile'],
    ['晚上宽带很卡', 'slow-data', 'broadband'],
    ['刷视频一直转圈', 'slow-data', undefined],
    ['Mobile data is extremely slow', 'slow-data', 'mobile'],
    ['Internet speed nowhere near what I was sold', 'slow-data', 'broadband'],
    ['Netflix keeps buffering every evening', 'slow-data', 'broadband'],
    ['The internet works but it is very slow', 'slow-data', 'broadband'],
    ['I work from home and the broadband is slow', 'slow-data', 'broadband'],
    ['在家里上网特别卡，打游戏延迟高', 'slow-data', undefined],
    // No data.
    ['有信号但是上不了网', 'no-data', 'mobile'],
    ['手机没网', 'no-data', 'mobile'],
    ['打电话正常，就是4G用不了', 'no-data', 'mobile'],
    ['Signal is full but mobile data does not work', 'no-data', 'mobile'],
    ['calls are fine, however no internet on my phone', 'no-data', 'mobile'],
    ['我手机可以打电话，可是上不了网', 'no-data', 'mobile'],
    // SMS.
    ['收不到验证码', 'sms', undefined],
    ['短信发不出去', 'sms', undefined],
    ["I can't send text messages", 'sms', undefined],
    ['not receiving any texts', 'sms', undefined],
    // Words that mean something else elsewhere.
    ['不好意思，我这里没信号', 'no-signal', 'mobile'],
    ['down the road the signal is weak', 'weak-signal', 'mobile'],
    ['Text messages are not going through', 'sms', undefined],
    // Voice quality.
    ['打电话听不清对方说话', 'voice-quality', undefined],
    ['通话有杂音', 'voice-quality', undefined],
    ['calls connect but I cannot hear the other side', 'voice-quality', undefined],
    ['there is an echo and crackling on every call', 'voice-quality', undefined],
    // Fixed network.
    ['宽带断网了', 'no-internet', 'broadband'],
    ['家里wifi连不上网，光猫亮红灯', 'no-internet', 'broadband'],
    ['宽带经常掉线', 'no-internet', 'broadband'],
    ['No internet since yesterday', 'no-internet', 'broadband'],
    ['our broadband has been down for two hours', 'no-internet', 'broadband'],
    ['My router is on but the internet keeps disconnecting', 'no-internet', 'broadband'],
    ['座机没有拨号音', 'no-dial-tone', 'fixed-voice'],
    ['There is no dial tone on my landline', 'no-dial-tone', 'fixed-voice'],
    ['the landline is dead', 'no-dial-tone', 'fixed-voice'],
    ['电视花屏', 'tv', 'tv'],
    ['IPTV看不了', 'tv', 'tv'],
    ['All TV channels are gone', 'tv', 'tv'],
    ['the TV picture is pixelated', 'tv', 'tv'],
    // Neither one nor the other.
    ['It just does not work', 'other', undefined],
    ['用不了', 'other', undefined],
    ['你好，我想咨询一下', undefined, undefined],
    ['Hello', undefined, undefined],
    ['信号很好，没问题', undefined, 'mobile'],
    ['the signal is fine', undefined, 'mobile'],
    ['', undefined, undefined],
  ] as const)('%s', (text, symptom, service) => {
    expect(readSymptom(text)).toBe(symptom)
    expect(readService(text)).toBe(service)
  })

  it('the service praised is not the service blamed', () => {
    expect(readService('家里wifi正常，但是手机4G很慢')).toBe('mobile')
    expect(readService('Mobile is fine but the broadband is slow')).toBe('broadband')
  })
})

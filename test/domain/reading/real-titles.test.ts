import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { readScope } from '../../../src/domain/reading/read-scope.ts'
import { readService } from '../../../src/domain/reading/read-service.ts'
import { readSymptom } from '../../../src/domain/reading/read-symptom.ts'

const file = '../shared/data/telecom-complaints/Comcast_telecom_complaints_data.csv'

/** The real titles have no labels: plain words sort them roughly, and the reading must mostly agree. */
const aboutMoney = /\b(bill|billing|billed|overcharg\w*|charges?|charged|prices?|pricing|refund|fees?)\b/i
const aboutSpeed = /\b(internet speeds?|slow internet|slow speeds?|throttl\w*)\b/i
const aboutOutage = /\b(internet outages?|no internet|internet (is )?down)\b/i
const aboutTrouble =
  /slow|speed|outage|down\b|not working|quality|intermittent|connect|throttl|no internet|no service|poor|bad|lack|issue|problem/i

describe.skipIf(!existsSync(file))(
  '2,224 real complaint titles (read from the shared data, skipped where absent)',
  () => {
    const rows: readonly Record<string, string>[] = existsSync(file)
      ? parse(readFileSync(file), { columns: true, bom: true })
      : []
    const titles = rows.map((row) => row['Customer Complaint'] ?? '')
    const share = (what: string, some: readonly string[], holds: (title: string) => boolean): number => {
      const count = some.filter(holds).length
      console.log(`${what}: ${count} of ${some.length} titles`)
      return count / some.length
    }

    it('money is not the network', () => {
      const money = titles.filter((title) => aboutMoney.test(title) && !aboutTrouble.test(title))
      expect(money.length).toBeGreaterThan(300)
      expect(
        share('money, not the network', money, (title) => readScope(title).scope === 'notNetwork'),
      ).toBeGreaterThan(0.95)
    })

    it('data caps are not the network', () => {
      const caps = titles.filter((title) => /\bcaps?\b/i.test(title) && !aboutTrouble.test(title))
      expect(
        share('data caps, not the network', caps, (title) => readScope(title).scope === 'notNetwork'),
      ).toBeGreaterThan(0.95)
    })

    it('speed is slow data of broadband', () => {
      const speed = titles.filter((title) => aboutSpeed.test(title) && !aboutMoney.test(title))
      expect(speed.length).toBeGreaterThan(50)
      expect(share('speed, slow data', speed, (title) => readSymptom(title) === 'slow-data')).toBeGreaterThan(
        0.9,
      )
      const named = speed.filter((title) => /internet/i.test(title))
      expect(
        share('internet speed, broadband', named, (title) => readService(title) === 'broadband'),
      ).toBeGreaterThan(0.9)
      expect(
        share('speed, the network', speed, (title) => readScope(title).scope === 'network'),
      ).toBeGreaterThan(0.85)
    })

    it('an outage is no internet', () => {
      const outage = titles.filter((title) => aboutOutage.test(title) && !aboutMoney.test(title))
      expect(
        share('outage, no internet', outage, (title) => readSymptom(title) === 'no-internet'),
      ).toBeGreaterThan(0.75)
    })
  },
)

import { numberOr, pointOf } from './cell-values.ts'
import type { Fields } from './column-mapping.ts'
import type { InventoryFact } from './element-rows.ts'
import { present } from './draft.ts'

export const lteCellFields = [
  'plmn',
  'enb',
  'local_cell',
  'eci',
  'site_name',
  'town',
  'postcode',
  'lat',
  'lon',
  'azimuth',
  'pci',
  'earfcn',
] as const

/**
 * A list of LTE cells, one a row: operator (`plmn`) > site (`plmn-enb`) > cell (`plmn-enb-local_cell`). Operator and site
 * are made of the first row that names them; sites of two operators that share a mast stay two, for each serves its own
 * customers. No range is given: `azimuth` goes into the cell's `azimuthDegrees`, from which the engine makes a sector of
 * its default radius.
 */
export function createLteCellReader(): (fields: Fields) => readonly InventoryFact[] {
  const known = new Set<string>()
  const once = (id: string, make: () => InventoryFact): InventoryFact[] => {
    if (known.has(id)) return []
    known.add(id)
    return [make()]
  }
  return (fields) => {
    const { plmn, enb, local_cell: cell, site_name: siteName, town, postcode } = fields
    if (plmn === undefined || enb === undefined || cell === undefined) return [elementRegistered({})]
    const site = `${plmn}-${enb}`
    const common = { network: plmn, services: ['mobile'], technology: 'LTE', location: pointOf(fields) }
    return [
      ...once(plmn, () =>
        elementRegistered({
          elementId: plmn,
          kind: 'core',
          name: plmn,
          elementType: 'operator',
          network: plmn,
          services: ['mobile'],
        }),
      ),
      ...once(site, () =>
        elementRegistered({
          ...common,
          elementId: site,
          kind: 'site',
          name: siteName ?? site,
          elementType: 'eNodeB',
          parent: plmn,
          attributes: present({ town, postcode }),
        }),
      ),
      elementRegistered({
        ...common,
        elementId: `${site}-${cell}`,
        kind: 'cell',
        name: `${siteName ?? site} ${cell}`,
        elementType: 'E-UTRAN cell',
        parent: site,
        attributes: present({
          eci: fields['eci'],
          azimuthDegrees: numberOr(fields['azimuth']),
          pci: numberOr(fields['pci']),
          earfcn: numberOr(fields['earfcn']),
        }),
      }),
    ]
  }
}

function elementRegistered(data: Readonly<Record<string, unknown>>): InventoryFact {
  return { type: 'ElementRegistered', data }
}

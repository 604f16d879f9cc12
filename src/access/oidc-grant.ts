import { wholeNetwork, type OidcConfig } from '../config/oidc.ts'
import type { Grant } from './sessions.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Who a person is by their claims; `actor` is never the name of somebody whose password is kept here. */
export type Person =
  | { readonly kind: 'person'; readonly actor: string; readonly name?: string; readonly grant: Grant }
  | { readonly kind: 'not-entitled'; readonly actor: string; readonly why: string }

/** As long as an actor may be. */
const maxNameChars = 150

export function personOf(config: OidcConfig, claims: Claims): Person {
  const [named = String(claims['sub'])] = textsAt(claims, config.nameClaim)
  const actor = `oidc:${named.replace(/\p{C}/gu, '').slice(0, maxNameChars)}`
  const [name] = textsAt(claims, 'name')
  const held = textsAt(claims, config.rolesClaim)
  const roles = [...new Set(held.flatMap((value) => own(config.roles, value) ?? []))]
  if (roles.length === 0) {
    return { kind: 'not-entitled', actor, why: `none of what ${config.rolesClaim} holds gives a role here` }
  }
  const regions = regionsOf(config, claims)
  if (regions?.length === 0) {
    return { kind: 'not-entitled', actor, why: `none of what ${config.regionsClaim} holds is a region here` }
  }
  const personalData = held.some((value) => config.personalData.includes(value))
  const grant = { roles, personalData, ...(regions === undefined ? {} : { regions }) }
  return {
    kind: 'person',
    actor,
    ...(name === undefined ? {} : { name: name.slice(0, maxNameChars) }),
    grant,
  }
}

/** `undefined` is the whole network. */
function regionsOf({ regionsClaim, regions }: OidcConfig, claims: Claims): string[] | undefined {
  if (regionsClaim === undefined) return undefined
  const found = textsAt(claims, regionsClaim).flatMap((value) => own(regions, value) ?? [])
  return found.includes(wholeNetwork) ? undefined : [...new Set(found)]
}

/** The texts of a claim: by its very name, else along its dots. */
function textsAt(claims: Claims, path: string): readonly string[] {
  const whole = own(claims, path) ?? path.split('.').reduce<unknown>((at, step) => own(at, step), claims)
  return [whole].flat().filter((value) => typeof value === 'string' && value !== '') as string[]
}

/** Claims come from outside: what every object has is none of them. */
function own<T>(holder: Readonly<Record<string, T>>, name: string): T | undefined
function own(holder: unknown, name: string): unknown
function own(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return undefined
  return (holder as Claims)[name]
}

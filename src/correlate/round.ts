/** To six decimals: figures are rounded before use, so that every machine goes on from the same ones (E1). */
export function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

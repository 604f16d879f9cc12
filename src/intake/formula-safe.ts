/** Text that a spreadsheet would take for a formula gets a ' in front; everything else stays as it is. */
export function formulaSafe(value: unknown): unknown {
  return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

/** Personal fields by name: `phone`, `name`, `text` and whatever else an operator seals. */
export type PersonalFields = Readonly<Record<string, string>>

/** What lists, logs and the live feed may show. A field without a rule of its own shows nothing of itself. */
export function maskFields(fields: PersonalFields): PersonalFields {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, maskField(field, value)]))
}

function maskField(field: string, value: string): string {
  switch (field) {
    case 'phone':
      return maskPhone(value)
    case 'name':
      return maskName(value)
    default:
      return '***'
  }
}

/** `13812345678` → `138****5678`; of short numbers the last two digits, of very short ones nothing. */
function maskPhone(phone: string): string {
  const characters = phone.replace(/\s/g, '')
  if (characters.length >= 11) return `${characters.slice(0, 3)}****${characters.slice(-4)}`
  return characters.length >= 6 ? `****${characters.slice(-2)}` : '****'
}

/** `张三` → `张**`, `Maria Silva` → `M**`: the length of a name is hidden too. */
function maskName(name: string): string {
  return `${/^./su.exec(name.trim())?.[0] ?? ''}**`
}

/** The page at /docs: shows /openapi.json, with nothing from elsewhere and nothing inline. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Causeway API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/docs.css">
<script src="docs/docs.js" type="module"></script>
</head>
<body>
<header><h1>Causeway API</h1><p id="about"></p><p><a href="openapi.json">openapi.json</a> · <a href="sign-in">Sign in · 登录</a></p></header>
<input id="filter" type="search" placeholder="Filter by path or words" aria-label="Filter by path or words">
<main id="routes"><p>Loading …</p></main>
</body>
</html>
`

export const docsStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
input { width: 100%; font: inherit; padding: .4rem; box-sizing: border-box; }
details { border-top: 1px solid #8884; padding: .4rem 0; }
summary { cursor: pointer; }
.method { display: inline-block; min-width: 4.5rem; font-weight: 600; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
pre { overflow: auto; background: #8881; padding: .6rem; max-height: 30rem; }
`

export const docsScript = `const document_ = await (await fetch('openapi.json')).json()
const make = (tag, text, ...children) => {
  const element = document.createElement(tag)
  if (text) element.textContent = text
  element.append(...children)
  return element
}
const schemaOf = (body) => Object.values(body?.content ?? {})[0]?.schema
const schemas = document_.components?.schemas ?? {}
const whole = (key, value) => (value?.$ref ? schemas[value.$ref.split('/').pop()] : value)
const section = (title, schema) =>
  schema ? [make('h4', title), make('pre', JSON.stringify(schema, whole, 2))] : []
const parameters = (list) =>
  (list ?? []).map((p) => make('li', '', make('code', p.name), ' in ' + p.in + (p.required ? ', required' : '') +
    (p.description ? ': ' + p.description : '')))
const operation = (path, method, detail) => {
  const item = make('details', '')
  const method_ = make('code', method.toUpperCase())
  method_.className = 'method'
  item.append(make('summary', '', method_, make('code', path), ' ', detail.summary ?? ''))
  item.addEventListener('toggle', () => {
    if (item.dataset.filled) return
    item.dataset.filled = 'yes'
    if (detail.description) item.append(make('p', detail.description))
    if (detail['x-roles']) item.append(make('p', 'For: ' + detail['x-roles'].join(', ')))
    item.append(make('ul', '', ...parameters(detail.parameters)), ...section('Body', schemaOf(detail.requestBody)))
    for (const [status, answer] of Object.entries(detail.responses ?? {}))
      item.append(...section(status, schemaOf(answer)))
  })
  item.dataset.words = (path + ' ' + (detail.summary ?? '') + ' ' + (detail.tags ?? []).join(' ')).toLowerCase()
  return item
}
const byTag = new Map()
for (const [path, methods] of Object.entries(document_.paths))
  for (const [method, detail] of Object.entries(methods)) {
    const tag = detail.tags?.[0] ?? 'other'
    byTag.set(tag, [...(byTag.get(tag) ?? []), operation(path, method, detail)])
  }
const routes = document.getElementById('routes')
document.getElementById('about').textContent = document_.info.description
routes.replaceChildren(...[...byTag].sort().map(([tag, items]) => make('section', '', make('h2', tag), ...items)))
document.getElementById('filter').addEventListener('input', (event) => {
  const words = event.target.value.toLowerCase()
  for (const item of routes.querySelectorAll('details')) item.hidden = !item.dataset.words.includes(words)
})
`

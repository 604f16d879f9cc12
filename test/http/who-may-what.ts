import { roles } from '../../schemas/role.ts'
import type { Right } from '../../src/http/access-table.ts'

/** The table of rights as Markdown: what each role may do, then by which routes. */
export function whoMayWhat(rights: readonly Right[], openRoutes: readonly string[]): string {
  const parts = [
    '# Who may do what',
    'Made of `src/http/access-table.ts`; renewed by `npx vitest run test/http/access.test.ts -u`.',
    byRight(rights),
    'Names, numbers and free text of customers are masked for everybody but those with `personalData`.',
    ...rights.map(({ may, roles: allowed, routes }) =>
      [`## May ${may}`, `For ${allowed.join(', ')}.`, listOf(routes)].join('\n\n'),
    ),
    '## Open to all',
    'How people come in; beside these `/sign-in`, `/docs`, `/openapi.json`, `/health`, `/ready` and `/metrics`. What has a secret of its own: `/hooks/orders/:name` (signed) and `/vault` (encrypted under the master key).',
    listOf(openRoutes),
  ]
  return `${parts.join('\n\n')}\n`
}

/** One row a right, one column a role. */
export function byRight(rights: readonly Right[]): string {
  return tableOf([
    ['may', ...roles],
    ...rights.map(({ may, roles: allowed }) => [
      may,
      ...roles.map((role) => (allowed.includes(role) ? 'yes' : '')),
    ]),
  ])
}

function tableOf([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = heading.map((_, at) => Math.max(...[heading, ...rows].map((row) => (row[at] ?? '').length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [
    line(heading),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(line),
  ].join('\n')
}

function listOf(routes: readonly string[]): string {
  return routes.map((route) => `- \`${withPrefix(route)}\``).join('\n')
}

function withPrefix(route: string): string {
  return route.replace(' ', ' /v1')
}

import { roles } from '../../schemas/role.ts'
import type { Right } from '../../src/http/access-table.ts'

/** The table of rights as Markdown: what each role may do, then by which routes. */
export function whoMayWhat(rights: readonly Right[]): string {
  const parts = [
    '# Who may do what',
    'Made of `src/http/access-table.ts`; renewed by `npx vitest run test/http/access.test.ts -u`.',
    byRight(rights),
    ...rights.map(({ may, roles: allowed, routes }) =>
      [
        `## May ${may}`,
        `For ${allowed.join(', ')}.`,
        routes.map((route) => `- \`${withPrefix(route)}\``).join('\n'),
      ].join('\n\n'),
    ),
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

function withPrefix(route: string): string {
  return route.replace(' ', ' /v1')
}

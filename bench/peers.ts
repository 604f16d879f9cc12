import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository, whether this runs as it was written or as it was built. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)))
const peersFolder = join(root, 'bench', 'peers')

/** Installs what only the bench needs, where it is missing. Answers why it could not, if so. */
export function installPeers(): string | undefined {
  if (existsSync(join(peersFolder, 'node_modules', '.package-lock.json'))) return undefined
  try {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peersFolder, stdio: ['ignore', 2, 2] })
    return undefined
  } catch (error) {
    return `the peers of the bench could not be installed: ${error instanceof Error ? error.message : ''}`
  }
}

/** A peer's module as its package exports it, or undefined where it is not installed. The caller says what it is. */
export function requirePeer(name: string): unknown {
  try {
    return createRequire(join(peersFolder, 'package.json'))(name)
  } catch {
    return undefined
  }
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'bench', 'peers', 'package.json'))) return folder
  const up = dirname(folder)
  if (up === folder) throw new Error('the bench lies in no checkout of Causeway')
  return findRoot(up)
}

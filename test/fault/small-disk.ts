import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tempFolder } from '../cli/temp-folder.ts'

const megabyte = 1_048_576

export interface SmallDisk {
  readonly folder: string
  /** Makes as much room again as there was. */
  readonly free: () => void
}

/** A file system of its own with so much room, and as much in a file that can be deleted. */
export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = tempFolder()
  mount(folder, 2 * megabytes)
  onTestFinished(() => unmount(folder))
  const ballast = join(folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(megabytes * megabyte))
  return { folder, free: () => rmSync(ballast) }
}

/** Whether this machine lets a test mount a file system; where not, says what is skipped. */
export function canMountSmallDisk(): boolean {
  const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()
  try {
    mount(folder, 1)
    unmount(folder)
    return true
  } catch {
    console.warn('skipped: the disk that really gets full, because no small file system can be mounted here')
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function mount(folder: string, megabytes: number): void {
  const args = ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]
  execFileSync('/bin/mount', args, { stdio: 'ignore' })
}

function unmount(folder: string): void {
  execFileSync('/bin/umount', [folder], { stdio: 'ignore' })
}

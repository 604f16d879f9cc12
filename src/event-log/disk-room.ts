import { statfsSync } from 'node:fs'

/** Nothing may be written, for the disk is as good as full. Says what to do. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
}

/** Left free on the disk of a store where nothing else is said: more than one transaction of any of them takes. */
const defaultMinFreeDiskBytes = 67_108_864

export interface DiskRoomOptions {
  readonly minFreeDiskBytes?: number | undefined
  /** Bytes that may still be written to the disk of a folder. */
  readonly freeBytes?: ((folder: string) => number) | undefined
}

/** Asked before every write. */
export interface DiskRoom {
  /** Why nothing may be written to the disk of a folder; `undefined` where there is room. */
  shortage(folder: string): string | undefined
  /** Throws `DiskFullError` where nothing may be written. */
  require(folder: string): void
}

/**
 * Keeps LMDB from ever meeting a full disk: a write that fails within it for want of room was seen to damage the memory of
 * the process. So a store stops writing while there still is some room, and goes on as soon as there is more.
 */
export function diskRoom({
  minFreeDiskBytes = defaultMinFreeDiskBytes,
  freeBytes = freeBytesOf,
}: DiskRoomOptions = {}): DiskRoom {
  const shortage = (folder: string): string | undefined => {
    const free = freeBytes(folder)
    return free >= minFreeDiskBytes
      ? undefined
      : `${free} bytes are left on the disk of ${folder}, and ${minFreeDiskBytes} must be (minFreeDiskBytes). Free space on it`
  }
  return {
    shortage,
    require(folder) {
      const why = shortage(folder)
      if (why !== undefined) throw new DiskFullError(why)
    },
  }
}

/** A folder that is gone tells nothing of its disk; whoever writes there finds out. */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

import { open } from 'node:fs/promises'

/** Waits until a file is on the disk; of a folder, given as `folder`, the names in it. */
export async function flushToDisk(path: string, of: 'file' | 'folder' = 'file'): Promise<void> {
  const handle = await open(path, of === 'file' ? 'r+' : 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

import { open } from 'lmdb'

/**
 * Changes a byte of the record that holds a position, as a failing disk would, in a log that may be in use by this process.
 * The damage is done when the call returns; the promise is for the clearing up.
 */
export async function damageRecord(folder: string, position: number): Promise<void> {
  const root = open({ path: folder, maxDbs: 8, cache: false, encoding: 'json', noSubdir: false })
  const blocks = root.openDB<Buffer, number>({ name: 'blocks', encoding: 'binary' })
  root.transactionSync(() => {
    for (const { key, value } of blocks.getRange({ start: position, end: 0, reverse: true, limit: 1 })) {
      const block = Buffer.from(value)
      const at = block.length - bytesFromEnd
      block.writeUInt8(block.readUInt8(at) ^ 1, at)
      blocks.putSync(key, block)
    }
  })
  await root.close()
}

/** Within the last event of the record. */
const bytesFromEnd = 30

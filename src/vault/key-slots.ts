import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'

/** Wrapped keys in a file of slots of one size, each of which can be overwritten where it lies. */
export interface KeySlots {
  read(slot: number): Buffer | undefined
  add(wrappedKeys: readonly Buffer[]): number
  destroy(slot: number): void
  close(): void
}

const slotBytes = 64
const lengthBytes = 1

/** A slot is the key's length and the key; zeros where it was destroyed. Every change is on the disk when its call returns. */
export function openKeySlots(file: string): KeySlots {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600)
  // A write that was cut short leaves a part of a slot, which no record names: go on behind it.
  let next = Math.ceil(fstatSync(descriptor).size / slotBytes)
  const write = (bytes: Buffer, slot: number) => {
    writeSync(descriptor, bytes, 0, bytes.length, slot * slotBytes)
    fsyncSync(descriptor)
  }
  return {
    read: (slot) => {
      const bytes = Buffer.alloc(slotBytes)
      readSync(descriptor, bytes, 0, slotBytes, slot * slotBytes)
      const length = bytes.readUInt8(0)
      return length === 0 ? undefined : bytes.subarray(lengthBytes, lengthBytes + length)
    },
    add: (wrappedKeys) => {
      const bytes = Buffer.alloc(slotBytes * wrappedKeys.length)
      wrappedKeys.forEach((key, index) => {
        bytes.writeUInt8(key.length, index * slotBytes)
        key.copy(bytes, index * slotBytes + lengthBytes)
      })
      const first = next
      write(bytes, first)
      next += wrappedKeys.length
      return first
    },
    destroy: (slot) => write(Buffer.alloc(slotBytes), slot),
    close: () => closeSync(descriptor),
  }
}

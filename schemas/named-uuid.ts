/**
 * UUIDv5 (RFC 9562, section 5.5): the same for the same name in the same namespace, whoever computes it. Every line of input
 * needs two, so SHA-1 (FIPS 180-4, section 6.1) is written out here for short texts, over buffers that are used again.
 */
export function namedUuid(namespace: string): (name: string) => string {
  const prefix = bytesOf(namespace)
  return (name) => {
    const length = prefix.length + writeUtf8(name, prefix.length)
    message.set(prefix)
    return format(sha1(length))
  }
}

const blockBytes = 64
/** Behind the message: a bit, and its length in bits in eight bytes. */
const paddingBytes = 9
let message = new Uint8Array(4_096)
let words = new DataView(message.buffer)
const schedule = new Int32Array(80)
const state = new Int32Array(5)
const encoder = new TextEncoder()

/** Writes a text behind what is there, and answers how many bytes it took. */
function writeUtf8(text: string, from: number): number {
  const mostBytes = from + 3 * text.length + paddingBytes + blockBytes
  if (mostBytes > message.length) {
    message = new Uint8Array(2 * mostBytes)
    words = new DataView(message.buffer)
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) return encoder.encodeInto(text, message.subarray(from)).written
    message[from + at] = code
  }
  return text.length
}

/** The digest of the first bytes of `message`, in `state`. */
function sha1(length: number): Int32Array {
  const end = Math.ceil((length + paddingBytes) / blockBytes) * blockBytes
  message.fill(0, length, end)
  message[length] = 0x80
  words.setUint32(end - 8, Math.floor(length / 2 ** 29))
  words.setUint32(end - 4, length << 3)
  state.set([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  for (let at = 0; at < end; at += blockBytes) addBlock(at)
  return state
}

function addBlock(at: number): void {
  for (let t = 0; t < 16; t += 1) schedule[t] = words.getInt32(at + 4 * t)
  for (let t = 16; t < 80; t += 1) {
    const mixed = word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16)
    schedule[t] = (mixed << 1) | (mixed >>> 31)
  }
  let a = state[0] ?? 0
  let b = state[1] ?? 0
  let c = state[2] ?? 0
  let d = state[3] ?? 0
  let e = state[4] ?? 0
  // One loop for each of the four functions: to choose among them in every round takes twice as long.
  for (let t = 0; t < 20; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + (d ^ (b & (c ^ d))) + e + word(t) + 0x5a827999) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  for (let t = 20; t < 40; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + word(t) + 0x6ed9eba1) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  for (let t = 40; t < 60; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + ((b & c) | (d & (b | c))) + e + word(t) + 0x8f1bbcdc) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  for (let t = 60; t < 80; t += 1) {
    const next = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + word(t) + 0xca62c1d6) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  state[0] = (state[0] ?? 0) + a
  state[1] = (state[1] ?? 0) + b
  state[2] = (state[2] ?? 0) + c
  state[3] = (state[3] ?? 0) + d
  state[4] = (state[4] ?? 0) + e
}

function word(t: number): number {
  return schedule[t] ?? 0
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hex16(bits: number): string {
  return `${hexOfByte[(bits >>> 8) & 0xff]}${hexOfByte[bits & 0xff]}`
}

/** The first 16 bytes of a digest, with version 5 and the variant of the RFC. */
function format([a = 0, b = 0, c = 0, d = 0]: Int32Array): string {
  const version = ((b & 0x0fff) | 0x5000) & 0xffff
  const variant = ((c >>> 16) & 0x3fff) | 0x8000
  return `${hex16(a >>> 16)}${hex16(a)}-${hex16(b >>> 16)}-${hex16(version)}-${hex16(variant)}-${hex16(c)}${hex16(d >>> 16)}${hex16(d)}`
}

function bytesOf(uuid: string): Uint8Array {
  const digits = uuid.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16))
}

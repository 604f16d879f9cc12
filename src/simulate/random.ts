/** A stream of pseudo-random numbers that a text seeds. The same text gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number
  /** A stream of its own, fixed by this one's seed and the key: how far this one has been read does not matter. */
  fork(key: string): Random
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, 2018) over a state filled by splitmix32 from two FNV-1a hashes of the seed's
 * UTF-16 units. Two, because with one of 32 bits a few thousand forks would soon hold a pair of the same stream.
 */
export function createRandom(seed: string): Random {
  const fillLow = splitMix(fnv1a(seed, 0x811c9dc5))
  const fillHigh = splitMix(fnv1a(seed, 0x5bd1e995))
  let a = fillLow()
  let b = fillLow()
  let c = fillHigh()
  let d = fillHigh()
  return {
    next: () => {
      const scrambled = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9)
      const shifted = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= shifted
      d = rotateLeft(d, 11)
      return (scrambled >>> 0) / 0x1_0000_0000
    },
    fork: (key) => createRandom(`${seed}/${key}`),
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function splitMix(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
}

function fnv1a(text: string, basis: number): number {
  let hash = basis
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

// Reads a mark's token and checks its signature: docs/verify.md, steps 2 to 4.
//
// Every head of CBOR must be the shortest one, every map in its one order, every length definite: what is read here has
// one spelling, and no other is read. Nothing of a token leaves this file before its signature held.

export const MAX_DIGITS = 451;
const MAX_BYTES = 187;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const EDDSA = -8n;
const ED25519 = -19n;
const LAST_INSTANT = 253402300799n;

// Points of small order, and second spellings of them; the sign bit left out. Whoever signs with such a key, or such an
// R, signs anything.
const SMALL = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

/** Why a code is not one of ours: unreadable, unknown_key or altered. */
export class Refused extends Error {}

const unreadable = () => new Refused("unreadable");
const must = (holds) => {
  if (!holds) throw unreadable();
};

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Is this the y of a point of small order? */
export function isSmall(bytes) {
  const y = Uint8Array.from(bytes);
  y[31] &= 0x7f;
  return SMALL.has(hex(y));
}

/** What stands behind the last slash of a link, without what programs hang behind it. */
export function codeOf(text) {
  const link = text.normalize("NFKC").replace(/\s/g, "").split(/[?#]/)[0];
  return link.replace(/\/+$/, "").split("/").pop();
}

/** A mini mark's id as people type it; none where it is something else. */
export function idOf(code) {
  const read = code.toUpperCase().replaceAll("-", "").replace(/[IL]/g, "1").replaceAll("O", "0");
  return read.length === 8 && [...read].every((letter) => ALPHABET.includes(letter)) ? read : null;
}

/** The digits as bytes: one big-endian integer. */
function bytesOf(digits) {
  must(digits.length <= MAX_DIGITS && /^[1-9][0-9]*$/.test(digits));
  let text = BigInt(digits).toString(16);
  if (text.length % 2) text = `0${text}`;
  must(text.length <= MAX_BYTES * 2);
  return Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
}

/** CBOR (RFC 8949), the deterministic spelling (§4.2) only. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(length) {
    must(length <= this.bytes.length - this.at);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A head of this major type: its number, written as short as can be. */
  head(major) {
    const first = this.take(1)[0];
    must(first >> 5 === major);
    const info = first & 31;
    if (info < 24) return BigInt(info);
    must(info < 28);
    const length = 1 << (info - 24);
    const number = this.take(length).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
    must(number >= (length === 1 ? 24n : 1n << BigInt(length * 4)));
    return number;
  }

  integer() {
    return this.bytes[this.at] >> 5 === 1 ? -1n - this.head(1) : this.head(0);
  }

  bytesOf(length) {
    const bytes = this.take(Number(this.head(2)));
    must(length === undefined || bytes.length === length);
    return bytes;
  }

  text() {
    const bytes = this.take(Number(this.head(3)));
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw unreadable();
    }
  }

  /** The next thing must be this. */
  is(major, number) {
    must(this.head(major) === BigInt(number));
  }

  key(expected) {
    must(this.integer() === BigInt(expected));
  }

  end() {
    must(this.at === this.bytes.length);
  }
}

function corporateNumber(reader) {
  if (reader.bytes[reader.at] === 0xf6) {
    reader.take(1);
    return null;
  }
  const digits = reader.bytesOf(6).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n).toString();
  must(digits.length === 13);
  const weigh = (sum, digit, index) => sum + Number(digit) * (index % 2 ? 2 : 1);
  const check = 9 - ([...digits.slice(1)].reverse().reduce(weigh, 0) % 9);
  must(Number(digits[0]) === check);
  return digits;
}

function readProtected(bytes) {
  const reader = new Reader(bytes);
  reader.is(5, 2);
  reader.key(1);
  must([EDDSA, ED25519].includes(reader.integer()));
  reader.key(4);
  const kid = reader.bytesOf(4);
  reader.end();
  return kid;
}

function readPayload(bytes) {
  const reader = new Reader(bytes);
  reader.is(5, 3);
  reader.key(4);
  const ends = reader.head(0);
  must(ends <= LAST_INSTANT);
  reader.key(7);
  const id = reader.bytesOf(5).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  reader.key(-65537);
  reader.is(4, 5);
  reader.is(0, 1);
  const kind = { 1: "provider", 2: "user" }[reader.head(0)];
  must(kind);
  const statusIndex = reader.head(0);
  must(statusIndex <= 0xffff_ffffn);
  const holder = reader.text();
  const number = corporateNumber(reader);
  reader.end();
  const licence = Array.from({ length: 8 }, (_, at) => ALPHABET[Number((id >> BigInt(35 - 5 * at)) & 31n)]).join("");
  return { licence, kind, holder, number, statusIndex: Number(statusIndex), endsAt: Number(ends) };
}

function readSign1(bytes) {
  const reader = new Reader(bytes);
  reader.is(6, 18);
  reader.is(4, 4);
  const header = reader.bytesOf();
  reader.is(5, 0);
  const payload = reader.bytesOf();
  const signature = reader.bytesOf(64);
  reader.end();
  return { header, payload, signature };
}

/** A byte string of CBOR, up to what a token holds. */
function wrapped(bytes) {
  const head = bytes.length < 24 ? [0x40 | bytes.length] : [0x58, bytes.length];
  return [...head, ...bytes];
}

/** Did this key sign it? Strictly, as RFC 8032 has it and no small-order R. */
export async function isSigned(key, message, signature) {
  if (isSmall(signature.subarray(0, 32))) return false;
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

/** What a token says, once one of these keys signed it; else Refused. `keys` has lists of keys by kid in hexadecimal. */
export async function claimsOf(digits, keys) {
  const { header, payload, signature } = readSign1(bytesOf(digits));
  const kid = hex(readProtected(header));
  const claims = readPayload(payload);
  const known = keys.get(kid);
  if (!known) throw new Refused("unknown_key");
  const context = new TextEncoder().encode("Signature1");
  const message = Uint8Array.from([0x84, 0x6a, ...context, ...wrapped(header), 0x40, ...wrapped(payload)]);
  for (const key of known) if (await isSigned(key, message, signature)) return claims;
  throw new Refused("altered");
}

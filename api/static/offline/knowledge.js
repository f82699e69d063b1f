// What is known of the register away from it: its public keys and status lists, as they were when they were fetched.

import { hex, isSigned, isSmall } from "./token.js";

const PLACES = 131072;
const PACKED = PLACES / 4;
const CACHE = "otasuketai-knowledge";
const KEYS = "/.well-known/jwks.json";
const BUNDLE = "/status/bundle";

function unpadded(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("not base64url");
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  // One spelling: no bits are left over in the last letter.
  const again = btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (again !== text) throw new Error("not base64url");
  return bytes;
}

const json = (text) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unpadded(text)));

/** Trusted keys by purpose and kid. */
async function keysOf(jwks) {
  const keys = { licence: new Map(), status: new Map() };
  for (const { kty, crv, x, purpose, compromised } of jwks.keys) {
    if (kty !== "OKP" || crv !== "Ed25519" || !keys[purpose] || (compromised ?? false) !== false) continue;
    const raw = unpadded(x);
    if (raw.length !== 32 || isSmall(raw)) throw new Error("not a key");
    const thumbprint = Uint8Array.from([0xa3, 1, 1, 0x20, 6, 0x21, 0x58, 0x20, ...raw]);
    const kid = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", thumbprint)).subarray(0, 4));
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    keys[purpose].set(kid, [...(keys[purpose].get(kid) ?? []), key]);
  }
  return keys;
}

/** The claims of a JWS of this type, if one of these keys signed it. */
async function claims(text, type, keys) {
  const [head, body, signature, ...rest] = text.trim().split(".");
  const { alg, kid, typ } = json(head);
  if (rest.length || alg !== "EdDSA" || typ !== type) throw new Error("not such a JWS");
  const message = new TextEncoder().encode(`${head}.${body}`);
  for (const key of keys.get(hex(unpadded(kid))) ?? []) {
    if (await isSigned(key, message, unpadded(signature))) return json(body);
  }
  throw new Error("not signed by the register");
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const packed = new Uint8Array(PACKED);
  let length = 0;
  for await (const chunk of stream) {
    if (length + chunk.length > PACKED) throw new Error("more than a list holds");
    packed.set(chunk, length);
    length += chunk.length;
  }
  if (length !== PACKED) throw new Error("less than a list holds");
  return packed;
}

async function listOf(jwt, keys) {
  const { sub, iat, exp, status_list } = await claims(jwt, "statuslist+jwt", keys);
  const number = Number(sub.match(/\/status\/(0|[1-9][0-9]*)$/)[1]);
  if (status_list.bits !== 2 || !Number.isInteger(iat) || !Number.isInteger(exp)) throw new Error("not such a list");
  return { number, issuedAt: iat, expiresAt: exp, packed: await inflated(unpadded(status_list.lst)) };
}

/** Keys and lists, each checked. What is not the register's as it stands is left out and noted. */
export async function read(jwks, { bundle = null, lists = [], fetchedAt = 0 } = {}) {
  const keys = await keysOf(jwks);
  const known = { keys: keys.licence, lists: new Map(), isAltered: false, fetchedAt };
  const texts = [...lists];
  if (bundle !== null) {
    try {
      texts.push(...Object.values((await claims(bundle, "otasuketai-bundle+jwt", keys.status)).lists));
    } catch {
      known.isAltered = true;
    }
  }
  for (const text of texts) {
    try {
      const list = await listOf(text, keys.status);
      const other = known.lists.get(list.number);
      if (!other || other.issuedAt < list.issuedAt) known.lists.set(list.number, list);
    } catch {
      known.isAltered = true;
    }
  }
  return known;
}

/** The list that a licence is in, and what it says of it: 0 valid, 1 revoked, 2 suspended, 3 ended. */
export function said(known, index) {
  const list = known.lists.get(Math.floor(index / PLACES));
  if (!list) return null;
  const place = index % PLACES;
  return { list, bits: (list.packed[place >> 2] >> ((place % 4) * 2)) & 3 };
}

/** What this device keeps; none where it never was online here. */
export async function kept() {
  const cache = await caches.open(CACHE);
  const [keys, bundle] = await Promise.all([cache.match(KEYS), cache.match(BUNDLE)]);
  if (!keys) return null;
  const fetchedAt = Number(keys.headers.get("x-fetched-at"));
  return read(await keys.json(), { bundle: bundle ? await bundle.text() : null, fetchedAt });
}

/** Asks the register for both, which names no mark; keeps them if they are the register's, else what was there. */
export async function refreshed() {
  const ask = async (path) => {
    const answer = await fetch(path, { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  const [keys, bundle] = await Promise.all([ask(KEYS), ask(BUNDLE)]);
  const fetchedAt = Math.floor(Date.now() / 1000);
  const known = await read(JSON.parse(keys), { bundle, fetchedAt });
  if (known.isAltered) throw new Error("the lists are not the register's");
  const cache = await caches.open(CACHE);
  const headers = { "x-fetched-at": String(fetchedAt) };
  await cache.put(KEYS, new Response(keys, { headers }));
  await cache.put(BUNDLE, new Response(bundle, { headers }));
  return known;
}

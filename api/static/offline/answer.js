// One of the six answers, away from the register: docs/verify.md, steps 5 and 6. The words and their order are those of
// `domain::licence::answer::offline`; one table of a test holds both to the same.

import { claimsOf, codeOf, idOf, Refused } from "./token.js";
import { said } from "./knowledge.js";

const SAID = ["valid", "revoked", "suspended", "ended"];

/** What is known of a link, digits or number at `now` (seconds). `known` may be null: nothing was ever fetched. */
export async function answer(text, known, now) {
  const code = codeOf(text);
  const licence = idOf(code);
  if (licence) return { answer: "unknown", why: "mini_mark", licence };
  if (!known) return { answer: "unknown", why: "no_keys" };
  let claims;
  try {
    claims = await claimsOf(code, known.keys);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { answer: "not_ours", why: error.message };
  }
  const unknown = (why, list) => ({ answer: "unknown", why, claims, list });
  if (claims.endsAt <= now) return unknown("printed_term_ended");
  const found = said(known, claims.statusIndex);
  if (!found) return unknown(known.isAltered ? "list_altered" : "offline");
  const { list, bits } = found;
  if (list.expiresAt <= now) return unknown("list_old", list);
  return { answer: SAID[bits], why: "", claims, list };
}

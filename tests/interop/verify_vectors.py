"""docs/verify.md in Python, on libraries that this project did not write: answers every published vector.

    verify_vectors.py VECTORS

Prints [[name, answer], ...] as JSON.
"""

import json
import sys
import zlib
from base64 import urlsafe_b64decode
from datetime import datetime

import cbor2
from pycose.headers import KID
from pycose.keys import OKPKey
from pycose.messages import CoseMessage

PLACES = 131_072
SUB, EXP, IAT, MARK, LIST = 2, 4, 6, -65537, 65533
SAID = ["valid", "revoked", "suspended", "ended"]


def unpadded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def signed_claims(message, keys):
    """The claims of a COSE_Sign1, if one of the keys signed it."""
    sign1 = CoseMessage.decode(message)
    sign1.key = OKPKey(crv="ED25519", x=keys[sign1.phdr[KID]])
    if not sign1.verify_signature():
        raise ValueError("the signature does not verify")
    return cbor2.loads(sign1.payload)


def claims_of(link, keys):
    digits = link.split("?")[0].split("#")[0].rsplit("/", 1)[-1]
    if not (digits.isascii() and digits.isdigit()) or digits.startswith("0") or len(digits) > 451:
        raise ValueError("not a code of this profile")
    number = int(digits)
    return signed_claims(number.to_bytes((number.bit_length() + 7) // 8, "big"), keys)


def answer(case, keys, lists):
    now = datetime.fromisoformat(case["now"]).timestamp()
    try:
        claims = claims_of(case["link"], keys["licence"])
    except Exception:  # whatever a library makes of what is no token
        return "not_ours"
    if claims[EXP] <= now or case["list"] is None:
        return "unknown"
    try:
        said = signed_claims(unpadded(lists[case["list"]]["cwt"]), keys["status"])
    except Exception:
        return "unknown"
    number, place = divmod(claims[MARK][2], PLACES)
    if not said[SUB].endswith(f"/status/{number}") or said[EXP] <= now:
        return "unknown"
    packed = zlib.decompress(said[LIST]["lst"])
    return SAID[packed[place // 4] >> place % 4 * 2 & 3]


def main(file):
    with open(file, encoding="utf-8") as vectors:
        vectors = json.load(vectors)
    keys = {"licence": {}, "status": {}}
    for jwk in vectors["jwks"]["keys"]:
        keys[jwk["purpose"]][unpadded(jwk["kid"])] = unpadded(jwk["x"])
    return [[case["name"], answer(case, keys, vectors["lists"])] for case in vectors["cases"]]


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), ensure_ascii=False))

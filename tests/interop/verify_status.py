"""Verifies a status list as a stranger would: the CWT and the register's published JWK set, and no code of this project.

    verify_status.py FILE JWKS INDEX...

Prints what it says, and of each place, as one JSON object; ends with 1 and says why on standard error when it is refused.
"""

import json
import sys
import zlib
from base64 import urlsafe_b64decode

from cwt import CWT, COSEKey

OKP, ED25519, EDDSA = 1, 6, -8
SUB, EXP, IAT, LIST, TTL = 2, 4, 6, 65533, 65534


def unpadded(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def main(file, jwks, *places):
    with open(jwks, encoding="utf-8") as keys:
        listed = [jwk for jwk in json.load(keys)["keys"] if jwk["purpose"] == "status"]
    keys = [COSEKey.new({1: OKP, 2: unpadded(jwk["kid"]), 3: EDDSA, -1: ED25519, -2: unpadded(jwk["x"])}) for jwk in listed]
    with open(file, "rb") as token:
        claims = CWT.new().decode(token.read(), keys)
    said = claims[LIST]
    packed, bits = zlib.decompress(said["lst"]), said["bits"]

    def status(place):
        byte, within = divmod(place * bits, 8)
        return packed[byte] >> within & (1 << bits) - 1

    return {
        "sub": claims[SUB],
        "iat": claims[IAT],
        "exp": claims[EXP],
        "ttl": claims[TTL],
        "aggregation": said["aggregation_uri"],
        "places": len(packed) * 8 // bits,
        "statuses": [status(int(place)) for place in places],
    }


if __name__ == "__main__":
    try:
        print(json.dumps(main(*sys.argv[1:])))
    except Exception as error:  # whatever a library makes of what it was given
        print(f"refused: {error!r}", file=sys.stderr)
        sys.exit(1)

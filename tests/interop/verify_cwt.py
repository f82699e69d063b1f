"""Verifies a mark as a stranger would: its link and the register's published JWK set, and no code of this project.

    verify_cwt.py [--library cwt|pycose] LINK JWKS

Prints the claims as one JSON object on one line and ends with 0; ends with 1, and says why on standard error, when the
token is refused.
"""

import argparse
import json
import sys
from base64 import urlsafe_b64decode
from datetime import timedelta

CTI, EXP, MARK = 7, 4, -65537
OKP, ED25519, EDDSA = 1, 6, -8


def token_bytes(link):
    """What follows the last slash is the token's bytes as one big-endian integer in decimal."""
    number = int(link.rsplit("/", 1)[-1])
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def published_keys(path):
    """The keys for licences, by the 4 bytes of their kid."""

    def unpadded(text):
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))

    with open(path, encoding="utf-8") as file:
        jwks = json.load(file)
    return {unpadded(jwk["kid"]): unpadded(jwk["x"]) for jwk in jwks["keys"] if jwk["purpose"] == "licence"}


def by_cwt(token, keys):
    from cwt import CWT, COSEKey

    cose_keys = [COSEKey.new({1: OKP, 2: kid, 3: EDDSA, -1: ED25519, -2: x}) for kid, x in keys.items()]
    # The printed term may have ended; that is the asker's to judge, from the claims.
    reader = CWT.new(leeway=int(timedelta(days=365_000).total_seconds()))
    return reader.decode(token, cose_keys)


def by_pycose(token, keys):
    import cbor2
    from pycose.headers import KID
    from pycose.keys import OKPKey
    from pycose.messages import CoseMessage, Sign1Message

    message = CoseMessage.decode(token)
    if not isinstance(message, Sign1Message):
        raise ValueError("not a COSE_Sign1")
    message.key = OKPKey(crv="ED25519", x=keys[message.phdr[KID]])
    if not message.verify_signature():
        raise ValueError("the signature does not verify")
    return cbor2.loads(message.payload)


def words(claims):
    """The claims with names, for people and programs."""
    profile, kind, index, name, number = claims[MARK]
    return {
        "licence": claims[CTI].hex(),
        "expires": claims[EXP],
        "profile": profile,
        "kind": kind,
        "statusIndex": index,
        "holderName": name,
        "corporateNumber": number,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", choices=["cwt", "pycose"], default="cwt")
    parser.add_argument("link")
    parser.add_argument("jwks")
    asked = parser.parse_args()
    verify = {"cwt": by_cwt, "pycose": by_pycose}[asked.library]
    keys = published_keys(asked.jwks)
    try:
        claims = verify(token_bytes(asked.link), keys)
    # Whatever a library throws at a token it does not like is a refusal.
    except Exception as error:  # noqa: BLE001
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(words(claims), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())

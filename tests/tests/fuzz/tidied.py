"""A check beside the fuzzer's own: what a body's schema forbids is refused, once the body is tidied."""

import unicodedata

import schemathesis
from schemathesis.checks import CHECKS

# Marks that turn the direction of writing, and others that nobody sees: `domain/src/reading/name.rs`.
UNSEEN = set("\u200e\u200f\u061c\ufeff\u2028\u2029") | set(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
UNSEEN |= set(map(chr, range(0xFFF9, 0xFFFC)))


def is_kept(letter):
    return letter in "\n\t" or not (unicodedata.category(letter) == "Cc" or letter in UNSEEN)


def tidied(value):
    """The value as the register reads it: texts without blanks around them and without what nobody types on purpose."""
    match value:
        case str():
            return "".join(filter(is_kept, value)).strip()
        case list():
            return [tidied(item) for item in value]
        case dict():
            return {name: tidied(item) for name, item in value.items()}
    return value


@schemathesis.check
def tidied_negative_data_rejection(ctx, response, case):
    """A text that is too long as sent may fit once it is tidied: of such a body the schema's word is not the last."""
    if tidied(case.body) == case.body:
        CHECKS.get_one("negative_data_rejection")(ctx, response, case)

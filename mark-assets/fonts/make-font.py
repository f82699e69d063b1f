"""Makes NotoSansJP-Register.otf: the letters that papers made by the register are set in.

    python3 make-font.py NotoSansCJK-Regular.ttc > NotoSansJP-Register.otf

Needs PyPI `fonttools`. What it keeps: every character of JIS X 0213 and of Windows code page 932, the ideographs that
names are written in beyond them, and the signs that the register itself writes. The same input gives the same bytes.
"""

import io
import sys

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

FACE = "Noto Sans CJK JP"
BEYOND = "𠮷髙﨑𠮟𥙿𤘩𣘺𠀋" + "–—‘’“”•…€☆★✓✗→←↑↓⇄"


def encoded(name):
    """Every character that an encoding of Python's can write."""
    for code in range(0x20, 0x30000):
        try:
            chr(code).encode(name)
        except UnicodeEncodeError:
            continue
        yield code


wanted = {ord(char) for char in BEYOND}
for encoding in ("cp932", "euc_jis_2004", "latin-1"):
    wanted.update(encoded(encoding))
font = next(f for f in TTCollection(sys.argv[1]).fonts if f["name"].getDebugName(1) == FACE)
options = Options(layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], name_languages=[0x409], hinting=False)
options.drop_tables += ["vhea", "vmtx", "VORG", "GPOS", "GSUB", "GDEF", "BASE"]
options.desubroutinize = False
subsetter = Subsetter(options)
subsetter.populate(unicodes=wanted)
subsetter.subset(font)
font.recalcTimestamp = False
out = io.BytesIO()
font.save(out)
sys.stdout.buffer.write(out.getvalue())

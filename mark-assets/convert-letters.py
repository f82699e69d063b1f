"""Makes letters.json: the outlines of the few letters that a mark picture is set in, so that no font is needed to draw one.

    python3 convert-letters.py NotoSansCJK-Regular.ttc > letters.json

Needs PyPI `fonttools`. A new word in `api/src/seal/picture/assets.rs` needs its letters added to WORDS and one run of this.
"""

import json
import string
import sys

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTCollection

FACE = "Noto Sans Mono CJK JP"
LATIN = string.ascii_letters + string.digits + " .:/-[]"
WORDS = "読み取って、登録の状態と名称を確認 オンライン確認専用 確認先 番号 見本"

font = next(f for f in TTCollection(sys.argv[1]).fonts if f["name"].getDebugName(1) == FACE)
glyph_set, names = font.getGlyphSet(), font.getBestCmap()


def outline(char):
    pen = SVGPathPen(glyph_set, ntos=lambda v: f"{v:.0f}")
    glyph_set[names[ord(char)]].draw(TransformPen(pen, (1, 0, 0, -1, 0, 0)))  # y down, baseline at 0
    return {"advance": font["hmtx"][names[ord(char)]][0], "d": pen.getCommands()}


table = {
    "font": f'{font["name"].getDebugName(4)}, {font["name"].getDebugName(5).split(";")[0]}',
    "copyright": font["name"].getDebugName(0),
    "licence": "OFL-1.1, see OFL.txt",
    "units_per_em": font["head"].unitsPerEm,
    "glyphs": {char: outline(char) for char in sorted(set(LATIN + WORDS))},
}
lines = json.dumps(table, ensure_ascii=False, separators=(",", ":")).replace('"glyphs":{', '\n"glyphs":{\n').replace('"},', '"},\n')
print(lines)

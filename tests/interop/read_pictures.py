"""Reads the QR codes in pictures and PDF pages with zxing-cpp, pages as a printer at 300 dpi sees them.

    read_pictures.py read FOLDER      every .png and .pdf of the folder; a page also becomes FILE.pdf.png
    read_pictures.py degrade FILE     a symbol of 20 mm, printed and photographed badly at 9 pixels a millimetre

Answers one JSON document. What was read badly is left for the caller to judge.
"""

import json
import pathlib
import random
import sys

import numpy
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

DPI = 300
MM_A_POINT = 25.4 / 72


def texts(picture):
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in found]


def page(file):
    """The only page of a PDF file: its size in millimetres, and its pixels."""
    document = pypdfium2.PdfDocument(file)
    assert len(document) == 1, f"{file}: {len(document)} pages"
    width, height = document[0].get_size()
    picture = document[0].render(scale=DPI / 72).to_pil().convert("L")
    return [width * MM_A_POINT, height * MM_A_POINT], picture


def read(folder):
    answer = {}
    for file in sorted(pathlib.Path(folder).iterdir()):
        if file.suffix == ".pdf":
            size, picture = page(file)
            picture.save(f"{file}.png", dpi=(DPI, DPI))
            answer[file.name] = {"mm": size, "texts": texts(picture)}
        elif file.suffix == ".png" and not file.name.endswith(".pdf.png"):
            answer[file.name] = {"texts": texts(Image.open(file).convert("L"))}
    return answer


def shown_badly(symbol, module, chance, frame):
    """A photograph, at 9 pixels a millimetre, of a symbol printed 20 mm wide. `module`: its pixels a module in `symbol`.
    Between two frames the hand turns by a degree, and the noise is another."""
    spread = chance.choice([-0.12, -0.06, 0.0, 0.06, 0.12, 0.18])  # ink that runs or fails, of a module
    pixels = round(abs(spread) * module)
    if spread > 0:
        symbol = symbol.filter(ImageFilter.MinFilter(2 * (pixels // 2) + 1))
    elif spread < 0:
        symbol = symbol.filter(ImageFilter.MaxFilter(2 * (pixels // 2) + 1))
    symbol = symbol.rotate(chance.uniform(0, 360) + frame, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    side = symbol.width / (53 * module) * 20 * 9
    photograph = symbol.resize((round(side), round(side)), Image.Resampling.BOX)
    photograph = photograph.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 0.8)))
    grey = numpy.asarray(photograph, dtype=numpy.float32)
    dark, light = chance.uniform(15, 60), chance.uniform(190, 245)
    grey = dark + grey / 255 * (light - dark)
    # Light falls from one side.
    slope = numpy.linspace(1.0, chance.uniform(0.75, 1.0), grey.shape[1], dtype=numpy.float32)
    noise = numpy.random.default_rng(chance.getrandbits(32) + frame).normal(0, chance.uniform(2, 9), grey.shape)
    return Image.fromarray(numpy.clip(grey * slope + noise, 0, 255).astype(numpy.uint8))


def degrade(file, times=100, frames=3):
    """How many of so many prints are not read in the first frames that a camera sees, and in the very first."""
    symbol = Image.open(file).convert("L")
    module = symbol.width // (53 + 8)
    assert module * (53 + 8) == symbol.width, "a symbol of version 9 with its quiet zone"
    link = texts(symbol)
    # Fine enough for ink that runs a little.
    symbol = symbol.resize((61 * 20, 61 * 20), Image.Resampling.NEAREST)
    module = 20
    def is_read(number, frame):
        return texts(shown_badly(symbol, module, random.Random(number), frame)) == link

    not_at_once = [number for number in range(times) if not is_read(number, 0)]
    misread = [number for number in not_at_once if not any(is_read(number, frame) for frame in range(1, frames))]
    return {"shown": times, "misread": len(misread), "notAtOnce": len(not_at_once), "texts": link}


command, what = sys.argv[1:]
print(json.dumps({"read": read, "degrade": degrade}[command](what)))

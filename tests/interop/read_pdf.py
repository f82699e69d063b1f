"""Reads a PDF file with a library that this project did not write.

    read_pdf.py FILE

Prints one JSON object: the text of each page, the document's title and language, whether it is tagged, and each file
inside it as text.
"""

import json
import sys

from pypdf import PdfReader

reader = PdfReader(sys.argv[1], strict=True)
catalog = reader.trailer["/Root"]
print(
    json.dumps(
        {
            "pages": [page.extract_text() for page in reader.pages],
            "title": reader.metadata.title,
            "language": catalog.get("/Lang"),
            "tagged": bool(catalog.get("/MarkInfo", {}).get("/Marked")) and "/StructTreeRoot" in catalog,
            "files": {name: files[0].decode() for name, files in reader.attachments.items()},
            "fonts": sorted({str(font) for page in reader.pages for font in page["/Resources"]["/Font"]}),
        },
        ensure_ascii=False,
    )
)

"""What a user would write to get page images in Python: pypdfium2 + Pillow, JPEG of quality 85, one page in memory.

  pages_peer.py FILE plain|words|boxes [SIDE]

`words` reads the text of each page as well, `boxes` the box of every character.
"""
import io, sys
import pypdfium2

document = pypdfium2.PdfDocument(sys.argv[1])
side = float(sys.argv[3]) if len(sys.argv) > 3 else 1600
size = count = 0
for page in document:
    image = page.render(scale=side / max(page.get_size())).to_pil()
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    size += len(file.getvalue())
    if sys.argv[2] != "plain":
        text = page.get_textpage()
        if sys.argv[2] == "words":
            count += len(text.get_text_range().split())
        else:
            count += len([text.get_charbox(index) for index in range(text.count_chars())])
        text.close()
    page.close()
print(f"{len(document)} pages, {size} bytes, {count} words or boxes")

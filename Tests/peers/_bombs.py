"""Small files that ask for a great deal: forty kinds, each a function that writes its bytes."""
import io, struct, zipfile, zlib


def deflated(pieces):
    """Deflates pieces one after another, so that what they amount to is never held."""
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(piece) for piece in pieces] + [packer.flush()])


def repeated(unit, times, at_once=1 << 20):
    """A unit many times, in pieces of about a mebibyte."""
    each = max(1, at_once // len(unit))
    for done in range(0, times, each):
        yield unit * min(each, times - done)


def pdf(objects, root=1, extra=""):
    """A PDF of objects, each the text of a dictionary or (dictionary, stream bytes); the first is number 1."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        head, stream = item if isinstance(item, tuple) else (item, None)
        out += f"{number} 0 obj\n".encode()
        if stream is None:
            out += head.encode()
        else:
            out += f"<< {head} /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream"
        out += b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<< /Size {len(offsets) + 1} /Root {root} 0 R {extra} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def page(content, resources="", more=(), size="0 0 612 792", entries="", catalog=""):
    """A PDF of one page; `content` is bytes or (dictionary, bytes), `more` the objects from number 5 on."""
    stream = content if isinstance(content, tuple) else ("", content)
    return pdf([
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{size}] /Contents 4 0 R /Resources << {resources} >> {entries} >>", stream, *more])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, pixels, depth=8, color=0, before=b""):
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


SMALL = deflated([b"\0" + b"\x80" * 64] * 64)


# Images.
def png_wide(): return png(30_000, 30_000, deflated(repeated(bytes(30_001), 30_000)))
def png_claim(): return png(2**31 - 1, 2**31 - 1, SMALL)
def png_text(): return png(64, 64, SMALL, before=b"".join(chunk(b"zTXt", b"a%d\0\0" % n + deflated(repeated(b"a", 64 << 20))) for n in range(8)))
def png_profile(): return png(64, 64, SMALL, before=chunk(b"iCCP", b"a\0\0" + deflated(repeated(bytes(1), 256 << 20))))
def png_chunks(): return png(64, 64, SMALL, before=chunk(b"tEXt", b"a\0b") * 200_000)


def apng_frames():
    frames = bytearray(chunk(b"acTL", struct.pack(">II", 100_000, 0)))
    for number in range(100_000): frames += chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 64, 64, 0, 0, 1, 100, 0, 0))
    return png(64, 64, SMALL, before=bytes(frames))


def jpeg(width, height, scans, sof=0xC2):
    """A greyscale JPEG whose scans are all the same: 8 zero coefficients for each block cost a few bits."""
    table = b"\xff\xdb\0\x43\0" + b"\1" * 64
    # One code of one bit for DC difference 0 and one for AC end of block.
    codes = b"".join(b"\xff\xc4\0\x14" + bytes([kind]) + b"\1" + bytes(15) + b"\0" for kind in (0x00, 0x10))
    frame = b"\xff" + bytes([sof]) + struct.pack(">HBHHBBBB", 11, 8, height, width, 1, 1, 0x11, 0)
    return b"\xff\xd8" + table + frame + codes + b"".join(scans) + b"\xff\xd9"


def jpeg_scans():
    first = b"\xff\xda\0\x08\x01\x01\x00\x00\x00\x00" + bytes(8)
    again = b"\xff\xda\0\x08\x01\x01\x00\x01\x3f\x00" + bytes(8)
    return jpeg(4_000, 4_000, [first] + [again] * 5_000)


def jpeg_claim(): return jpeg(65_500, 65_500, [b"\xff\xda\0\x08\x01\x01\x00\x00\x3f\x00" + bytes(64)], sof=0xC0)


def exif_loop():
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<HHII", 0x112, 3, 1, 6) + struct.pack("<I", 8)
    body = b"Exif\0\0" + tiff
    whole = jpeg(64, 64, [b"\xff\xda\0\x08\x01\x01\x00\x00\x3f\x00" + bytes(64)], sof=0xC0)
    return whole[:2] + (b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body) * 2_000 + whole[2:]


def webp_canvas():
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + b"\xff\xff\xff" * 2 + b"VP8L" + struct.pack("<I", 8) + b"\x2f\xff\xff\xff\x0f\0\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_frames():
    frame = b",\0\0\0\0\xff\xff\xff\xff\0\x08\x03\x00\xff\x1c\x00"
    return b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff" + frame * 100_000 + b";"


def bmp_claim(): return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 2**31 - 1, -(2**31 - 1), 1, 32, 0, 0, 0, 0, 0, 0) + bytes(64)


def tiff_directories():
    entry = struct.pack("<HHII", 256, 4, 1, 2**31 - 1) + struct.pack("<HHII", 257, 4, 1, 2**31 - 1)
    # 2 + 24 + 4 bytes each; the last one leads back to the first.
    return b"II*\0" + struct.pack("<I", 8) + b"".join(
        struct.pack("<H", 2) + entry + struct.pack("<I", 8 + 30 * (n + 1) if n < 99_999 else 8) for n in range(100_000))


# PDF: streams.
def pdf_three_flates():
    inner = deflated(repeated(bytes(1), 2 << 30))
    return page(("/Filter [/FlateDecode /FlateDecode /FlateDecode]", deflated([deflated([inner])])))


def pdf_saves(): return page(("/Filter /FlateDecode", deflated(repeated(b"q Q ", 256 << 20))))
def pages(count, content, size):
    kids = " ".join(f"{n} 0 R" for n in range(4, 4 + count))
    leaf = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents 3 0 R >>"
    return pdf(["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>", content] + [leaf] * count)


def pdf_slow_pages():
    """Twelve pages, each as slow as one may be."""
    return pages(12, ("/Filter /FlateDecode", deflated(repeated(b"q Q ", 256 << 20))), "612 792")


def pdf_text(): return page(("/Filter /FlateDecode", deflated([b"BT /F 1 Tf 0 0 Td "] + list(repeated(b"(aaaaaaaaaaaaaaaa) Tj ", 3_000_000)))), "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>")
def pdf_paths(): return page(("/Filter /FlateDecode", deflated([b"0 0 m "] + list(repeated(b"612 792 l 0 792 l ", 5_000_000)) + [b"S"])))
def pdf_dashes(): return page(b"[0.0001 0.0001] 0 d 100 w 0 0 m " + b"612 792 l 0 792 l 612 0 l 0 0 l " * 2_000 + b"S")
def pdf_image(): return page(b"612 0 0 792 0 0 cm /I Do", "/XObject << /I 5 0 R >>", [(
    "/Type /XObject /Subtype /Image /Width 40000 /Height 40000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode",
    deflated(repeated(bytes(1), 1 << 30)))])
def pdf_jbig2(): return page(b"612 0 0 792 0 0 cm /I Do", "/XObject << /I 5 0 R >>", [(
    "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode",
    b"\0\0\0\0\x30\0\x01\0\0\0\x13" + struct.pack(">IIIIBH", 60_000, 60_000, 0, 0, 0, 0) + b"".join(
        struct.pack(">IBBBI", n, 38, 0, 1, 18 + 8 + 4) + struct.pack(">IIIIB", 60_000, 60_000, 0, 0, 0) + b"\0" + b"\x03\xff\xfd\xff\x02\xfe\xfe\xfe" + bytes(3)
        for n in range(1, 40)))])


def pdf_jpx():
    size = struct.pack(">HIIIIIIIIH", 0, 60_000, 60_000, 0, 0, 1, 1, 0, 0, 3) + b"\x07\x01\x01" * 3
    stream = b"\xff\x4f\xff\x51" + struct.pack(">H", len(size) + 2) + size + b"\xff\x52\0\x0c\0\0\0\x01\0\x05\x04\x04\0\x01" + b"\xff\x5c\0\x13\x40" + b"\x40" * 16
    return page(b"612 0 0 792 0 0 cm /I Do", "/XObject << /I 5 0 R >>", [("/Type /XObject /Subtype /Image /Filter /JPXDecode", stream + b"\xff\x90\0\x0a\0\0\0\0\0\0\0\x01\xff\x93" + bytes(64) + b"\xff\xd9")])


# PDF: size and structure.
def pdf_huge_page(): return page(b"0 0 200000 200000 re f", size="0 0 200000 200000")


def pdf_many_pages(): return pages(100_001, ("", b""), "9 9")
def pdf_page_tree(): return pdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 99999 /Parent 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 9 /Parent 3 0 R >>"])
def pdf_deep_tree(): return pdf(["<< /Type /Catalog /Pages 2 0 R >>"] + [f"<< /Type /Pages /Kids [{n + 1} 0 R] /Count 1 >>" for n in range(2, 50_000)] + ["<< /Type /Page /MediaBox [0 0 9 9] >>"])
def pdf_outline(): return page(b"", more=["<< /First 6 0 R /Last 6 0 R /Count 9 >>", "<< /Title (a) /Parent 5 0 R /First 6 0 R /Next 6 0 R /Prev 6 0 R >>"], catalog="/Outlines 5 0 R")
def pdf_objects(): return pdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"] + ["0"] * 1_000_000)
def pdf_xref_loop():
    return page(b"0 0 9 9 re f").replace(b"/Root 1 0 R", b"/Prev 9 /Root 1 0 R").replace(b"%PDF-1.7\n", b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 /Prev 9 /Root 1 0 R >>\n")
def pdf_arrays(): return page(b"0 0 9 9 re f", entries="/A " + "[" * 1_000_000)
def pdf_content_arrays(): return page(("/Filter /FlateDecode", deflated(list(repeated(b"[", 50_000_000)) + [b" 0 d 0 0 9 9 re f"])))
def pdf_notes(): return page(b"", entries="/Annots [" + "5 0 R " * 100_000 + "]", more=["<< /Type /Annot /Subtype /Square /Rect [0 0 600 700] /AP << /N 6 0 R >> >>", ("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 9 9 re f")])
def pdf_fields(): return page(b"", entries="/Annots [6 0 R]", more=["<< /Fields [6 0 R] /DR 5 0 R >>", "<< /FT /Tx /T (a) /Kids [6 0 R 6 0 R] /Parent 6 0 R /Type /Annot /Subtype /Widget /Rect [0 0 9 9] >>"], catalog="/AcroForm 5 0 R")


# PDF: recursion while drawing.
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
def pdf_form_self(): return page(b"/F Do", "/XObject << /F 5 0 R >>", [(FORM + " /Resources << /XObject << /F 5 0 R >> >>", b"/F Do " * 100)])
def pdf_form_tree(): return page(b"/F Do", "/XObject << /F 5 0 R >>", [(FORM + f" /Resources << /XObject << /F {n + 1} 0 R >> >>", b"/F Do " * 10) for n in range(5, 14)] + [(FORM, b"0 0 9 9 re f")])
def pdf_pattern(): return page(b"/Pattern cs /P scn 0 0 612 792 re f", "/Pattern << /P 5 0 R >>", [("/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << /Pattern << /P 5 0 R >> >>", b"/Pattern cs /P scn 0 0 1 1 re f")])
def pdf_mask(): return page(b"/G gs 0 0 612 792 re f", "/ExtGState << /G 5 0 R >>", ["<< /SMask << /S /Luminosity /G 6 0 R >> >>", (FORM + " /Group << /S /Transparency /CS /DeviceGray >> /Resources << /ExtGState << /G 5 0 R >> >>", b"/G gs 0 0 612 792 re f")])
def pdf_glyphs(): return page(b"BT /F 9 Tf (aaaa) Tj ET", "/Font << /F 5 0 R >>", ["<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [9] /Resources << /Font << /F 5 0 R >> >> >>", ("", b"9 0 d0 BT /F 9 Tf (aaaaaaaa) Tj ET")])
def pdf_shading():
    body = "{ " + "dup 0.5 mul sin 360 mul cos dup mul add " * 20_000 + "dup dup }"
    return page(b"/S sh", "/Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Matrix [612 0 0 792 0 0] /Function 5 0 R >> >>", [("/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1]", body.encode())])
def pdf_cmap():
    lines = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange " + b"100 beginbfrange " + b"<0000> <ffff> <0000> " * 20_000 + b"endbfrange endcmap"
    return page(b"BT /F 9 Tf 9 9 Td <00410042> Tj ET", "/Font << /F 5 0 R >>", ["<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] /ToUnicode 6 0 R >>", ("/Filter /FlateDecode", deflated([lines]))])


# Texts, mails, Office documents, playlists.
def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, pieces in entries:
            with archive.open(name, "w", force_zip64=True) as entry:
                for piece in pieces: entry.write(piece)
    return out.getvalue()


TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
WORD = b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
def laughs(root=b"a"): return b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY l0 \"lol\">" + b"".join(b"<!ENTITY l%d \"%s\">" % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12)) + b"]><" + root + b">&l11;</" + root + b">"
def docx_text(): return zipped([("[Content_Types].xml", [TYPES]), ("word/document.xml", [WORD] + list(repeated(b"<w:p><w:r><w:t>aaaa</w:t></w:r></w:p>", 20_000_000, 1 << 22)))])
def docx_laughs(): return zipped([("[Content_Types].xml", [TYPES]), ("word/document.xml", [laughs(b"document")])])
def zip_entries(): return zipped([("[Content_Types].xml", [TYPES])] + [(f"word/{n}.xml", [b""]) for n in range(65_000)])
def zip_bomb(): return zipped([("a", repeated(bytes(1), 1 << 30))])
def yaml_laughs(): return b"a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12))
def csv_columns(): return b"a," * 1_000_000 + b"a\n" + b"1," * 1_000_000 + b"1\n"
def csv_rows(): return b"1,2\n" * 8_000_000
def text_line(): return b"a" * (64 << 20)
def html_depth(): return b"<!DOCTYPE html>" + b"<div><table><tr><td>" * 200_000
def mail_depth():
    head = b"From: a@b\r\nSubject: c\r\nMIME-Version: 1.0\r\n"
    return head + b"".join(b"Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n" % (n, n) for n in range(20_000)) + b"\r\na"
def mail_heads(): return b"From: a@b\r\n" + b"Subject: " + b"=?utf-8?B?YWFh?= " * 500_000 + b"\r\n" + b"X: y\r\n" * 500_000 + b"\r\na"
def playlist(): return b"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n" + b"#EXTINF:10,\nfile:///proc/self/fd/0\n#EXTINF:10,\nhttp://127.0.0.1/a.m3u8\n" * 10_000
def mp4_boxes(): return b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"".join(struct.pack(">I", 8 + 8 * (4_000 - n)) + b"moov" for n in range(4_000)) + b"\0\0\0\x08trak"
def mp4_tables():
    def box(kind, body): return struct.pack(">I", 8 + len(body)) + kind + body
    table = box(b"stts", bytes(4) + struct.pack(">III", 2**31, 2**31, 1)) + box(b"stsz", bytes(4) + struct.pack(">II", 0, 2**31)) + box(b"stco", bytes(4) + struct.pack(">I", 2**31))
    header = box(b"mvhd", bytes(12) + struct.pack(">II", 1, 2**32 - 1) + bytes(80))
    return b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + box(b"moov", header + box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + bytes(13)) + box(b"minf", box(b"stbl", table)))))


# Seconds of a gate go to those that once hurt, or come nearest to a bound.
QUICK = ["png_wide", "png_text", "jpeg_scans", "pdf_huge_page", "pdf_many_pages", "pdf_page_tree", "pdf_arrays", "pdf_xref_loop", "docx_laughs", "webp_canvas", "mail_depth"]
KINDS = {name: make for name, make in list(globals().items()) if callable(make) and name.split("_")[0] in (
    "png", "apng", "jpeg", "exif", "webp", "gif", "bmp", "tiff", "pdf", "docx", "zip", "yaml", "csv", "text", "html", "mail", "mp4", "playlist", "laughs") and name not in ("pdf", "png", "jpeg")}
SUFFIXES = {"apng": "png", "exif": "jpg", "jpeg": "jpg", "tiff": "tif", "mail": "eml", "text": "txt", "laughs": "xml", "playlist": "m3u8"}


def suffix(kind):
    first = kind.split("_")[0]
    return SUFFIXES.get(first, first)

"""Every kind of image shows what Pillow shows of it in the same size."""
import glob, io, os, subprocess, tempfile
import numpy as np
from PIL import Image, ImageCms, ImageOps
from _qdoc import ROOT, SHARED, check, finish, skip

PROBE = os.environ.get("QDOC_IMAGE_PROBE", f"{ROOT}/.build/debug/QdocImageProbe")
# Two decoders round colours and smooth the edges of colour differently; a photograph that is scaled while it is decoded differs most.
LIMIT = 2.0
LONGEST = 512


def white(image):
    """Alpha on white, 16 bits reduced, colours by the embedded profile: what a reader would see."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image, dtype=np.float64) / 257 + 0.5).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        back = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(back, image).convert("RGB")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space.strip() == {"RGB": "RGB", "CMYK": "CMYK", "L": "GRAY"}[image.mode]:
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")


def weights(source, target):
    """How much of each source pixel lies under each target pixel. Pillow's BOX takes whole source pixels only, which differs by up to 4 RMS."""
    edges = np.arange(target + 1) * source / target
    starts = np.arange(source)
    overlap = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    return (np.clip(overlap, 0, 1) * target / source).astype(np.float32)


def theirs(path, page, size):
    image = Image.open(path)
    image.seek(page - 1)
    image = white(ImageOps.exif_transpose(image))
    pixels = np.asarray(image, dtype=np.float32)
    across, down = weights(image.width, size[0]).T, weights(image.height, size[1])
    reduced = np.stack([down @ (pixels[..., c] @ across) for c in range(3)], axis=2)
    return image.size, Image.fromarray((reduced + 0.5).astype(np.uint8))


def compare(path, sheet=None):
    pages = subprocess.run([PROBE, "pages", path], capture_output=True, text=True)
    if not check(pages.returncode == 0, f"{os.path.basename(path)}: {pages.stdout}"):
        return 0
    worst = 0
    for page, line in enumerate(pages.stdout.splitlines(), 1):
        width, height = map(int, line.split()[:2])
        scale = min(1, LONGEST / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        done = subprocess.run([PROBE, "pixels", path, str(page), "%dx%d" % size], capture_output=True)
        name = f"{os.path.basename(path)} page {page}"
        if not check(done.returncode == 0, f"{name}: {done.stdout[:300]}"):
            continue
        ours = Image.open(io.BytesIO(done.stdout))
        full, other = theirs(path, page, size)
        check(full == (width, height), f"{name}: {width} x {height}, Pillow says {full}")
        difference = np.asarray(ours, dtype=np.float64) - np.asarray(other, dtype=np.float64)
        rms = float(np.sqrt((difference**2).mean()))
        worst = max(worst, rms)
        check(rms <= LIMIT, f"{name} differs by {rms:.2f} RMS")
        if sheet is not None:
            sheet.append((name, ours, other, rms))
    return worst


def made(folder):
    """Kinds that no document of the shared ones has."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:150, 0:211]
    smooth = np.stack([x * 255 / 210, y * 255 / 149, 127 + 100 * np.sin(x / 9) * np.cos(y / 7)], axis=2).astype(np.uint8)
    colour = Image.fromarray(smooth)
    gray, bilevel = colour.convert("L"), colour.convert("1")
    palette = colour.quantize(64)
    inks = Image.fromarray(np.concatenate([255 - smooth, (smooth[..., :1] // 3)], axis=2), "CMYK")
    alpha = Image.merge("RGBA", (*colour.split(), Image.fromarray((x * 255 / 210).astype(np.uint8))))
    deep = Image.fromarray((x.astype(np.uint16) * 311 + y.astype(np.uint16)))
    noise = Image.fromarray(rng.integers(0, 256, (97, 64, 3), dtype=np.uint8))

    def save(name, image, **options):
        image.save(f"{folder}/{name}", **options)

    for name, image in {"gray": gray, "colour": colour, "bilevel": bilevel, "palette": palette, "cmyk": inks, "alpha": alpha, "deep": deep}.items():
        for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"):
            save(f"{name}_{compression}.tif", image, compression=compression)
    save("g3.tif", bilevel, compression="group3")
    save("g4.tif", bilevel, compression="group4")
    save("jpeg.tif", colour, compression="jpeg", quality=95)
    save("pages.tif", colour, save_all=True, append_images=[gray, noise, bilevel], compression="tiff_lzw", dpi=(300, 300))
    save("big.tif", colour, big_tiff=True)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(f"turned{orientation}.tif", colour, exif=exif, compression="tiff_lzw")
        save(f"turned{orientation}.webp", colour, exif=exif, lossless=True)
        save(f"turned{orientation}.png", colour, exif=exif)
    for name, image in {"gray": gray, "colour": colour, "bilevel": bilevel, "palette": palette}.items():
        save(f"{name}.bmp", image)
    save("gray.gif", gray)
    save("palette.gif", palette)
    save("interlaced.gif", palette, interlace=1)
    save("transparent.gif", palette, transparency=3)
    save("animation.gif", palette, save_all=True, append_images=[gray.quantize(16)], duration=100)
    save("gray.pgm", gray)
    save("deep.pgm", deep)
    save("colour.ppm", colour)
    save("inks.jpg", inks, quality=95)
    save("alpha.webp", alpha, lossless=True)
    # A profile that turns the colours round visibly: its red is blue.
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(wide)
    red, blue = swapped.find(b"rXYZ"), swapped.find(b"bXYZ")
    swapped[red:red + 4], swapped[blue:blue + 4] = b"bXYZ", b"rXYZ"
    for suffix in ("png", "jpg", "webp", "tif"):
        save(f"swapped.{suffix}", colour, icc_profile=bytes(swapped), **({"lossless": True} if suffix == "webp" else {"quality": 95}))


def main():
    if not os.path.isfile(PROBE):
        skip(f"{PROBE} is not built")
    sheet = [] if os.environ.get("QDOC_CONTACT_SHEET") else None
    worst, count = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        made(folder)
        paths = sorted(glob.glob(f"{folder}/*"))
        if SHARED:
            paths += sorted(glob.glob(f"{SHARED}/data/images/*"))
        for path in paths:
            worst = max(worst, compare(path, sheet))
            count += 1
    if sheet:
        draw(sheet, os.environ["QDOC_CONTACT_SHEET"])
    finish(f"{count} images{'' if SHARED else ' (none of the shared documents)'}, RMS at most {worst:.2f} of 255")


def draw(sheet, path):
    """Ours beside Pillow's, for the eye: QDOC_CONTACT_SHEET names the PNG."""
    from PIL import ImageDraw
    side, columns = 128, 8
    rows = (len(sheet) + columns - 1) // columns
    out = Image.new("RGB", (columns * (2 * side + 8), rows * (side + 14)), "#888")
    pen = ImageDraw.Draw(out)
    for i, (name, ours, other, rms) in enumerate(sheet):
        x, y = i % columns * (2 * side + 8), i // columns * (side + 14)
        for k, image in enumerate((ours, other)):
            image = image.copy()
            if max(image.size) < side:
                image = image.resize((image.width * (side // max(image.size)), image.height * (side // max(image.size))), Image.Resampling.NEAREST)
            image.thumbnail((side, side))
            out.paste(image, (x + k * side, y))
        pen.text((x, y + side), f"{name[:34]} {rms:.2f}", fill="white")
    out.save(path)


main()

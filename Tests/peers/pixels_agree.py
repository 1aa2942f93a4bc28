"""The images of pages show what pypdfium2 draws of them in the same size."""
import glob, tempfile
import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter, ImageStat
from _qdoc import check, finish, qdoc, sample

# Two renderers differ in how they smooth edges: pages are compared after a blur of two pixels. Another page, or a page that is turned, mirrored
# or moved by half a line, differs by 5 to 30; the same page by less than 2 (grey levels of 255, mean).
LIMIT = 3.0
path = sample("annual-report.pdf")
document = pdfium.PdfDocument(path)
worst = 0
with tempfile.TemporaryDirectory() as folder:
    status, _, errors = qdoc("inspect", path, "--save-images", folder, "--max-side", "1200")
    check(status in (0, 3), f"inspect ended with {status}: {errors[-500:]}")
    files = sorted(glob.glob(f"{folder}/*"), key=lambda name: int("".join(c for c in name.rsplit("-", 1)[-1] if c.isdigit())))
    check(len(files) == len(document), f"{len(files)} images of {len(document)} pages")
    for page, name in zip(document, files):
        ours = Image.open(name).convert("L")
        width, height = page.get_size()
        check(abs(ours.width / ours.height - width / height) < 0.04, f"{name} has another shape than its page")
        theirs = page.render(scale=max(ours.size) / max(width, height)).to_pil().convert("L").resize(ours.size)
        blur = ImageFilter.GaussianBlur(2)
        difference = ImageStat.Stat(ImageChops.difference(ours.filter(blur), theirs.filter(blur))).mean[0]
        worst = max(worst, difference)
        check(difference < LIMIT, f"{name} differs by {difference:.1f}")
finish(f"{len(document)} pages, mean difference at most {worst:.2f} of 255")

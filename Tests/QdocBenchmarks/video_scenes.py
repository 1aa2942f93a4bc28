"""How many scene changes of made videos qdoc finds, and how many it claims that are none.

    python3 Tests/QdocBenchmarks/video_scenes.py [--keep FOLDER] [--first NUMBER] [--clips N]

Makes clips with known changes from the charts and photographs of ../shared/data: still slides, slides with a speaker's inset, camera pans;
cuts, dissolves, fades through black and wipes; clean, with film noise, with flicker of the light, with flashes, and squeezed to a low
bitrate. Needs Pillow and the ffmpeg program. A change is found when a frame is chosen between its beginning and one second after its end
that is not a change's already; every other frame is a false one, but the first of a clip, if it comes before the first change. The bounds of the
detector were chosen on clips 0 to 49; later numbers are clips that it has not seen.
"""
import argparse, glob, json, math, os, random, subprocess, sys, tempfile
from PIL import Image, ImageChops, ImageDraw
from _bench import QDOC, SHARED, environment

SIZE = (640, 360)
RATE = 25


def slide(path):
    picture = Image.open(path).convert("RGBA")
    page = Image.new("RGB", SIZE, "white")
    picture.thumbnail((SIZE[0] - 40, SIZE[1] - 40))
    page.paste(picture, ((SIZE[0] - picture.width) // 2, (SIZE[1] - picture.height) // 2), picture)
    return page


class Still:
    def __init__(self, dice, chart, photo):
        self.page = slide(chart)

    def frame(self, t):
        return self.page


class Speaker(Still):
    """A slide with somebody who moves about in a corner."""

    def __init__(self, dice, chart, photo):
        super().__init__(dice, chart, photo)
        self.room = Image.open(photo).convert("RGB").resize((140, 90))
        self.sway = dice.uniform(0.5, 1.5)

    def frame(self, t):
        page = self.page.copy()
        inset = self.room.copy()
        x = 70 + int(12 * math.sin(2 * self.sway * t) + 4 * math.sin(9 * t))
        ImageDraw.Draw(inset).ellipse((x - 22, 15, x + 22, 75), fill=(205, 160, 130))
        page.paste(inset, (490, 260))
        return page


class Pan:
    """A camera that moves over a view."""

    def __init__(self, dice, chart, photo):
        view = Image.open(photo).convert("RGB")
        view.thumbnail((1600, 1600))
        self.view = view if view.width >= 900 and view.height >= 560 else view.resize((1100, 760))
        self.speed = dice.uniform(5, 40)
        self.x, self.y = dice.uniform(0, 60), dice.uniform(0, 60)
        self.zoom = dice.uniform(0.0, 0.01)

    def frame(self, t):
        width = SIZE[0] * (1 - self.zoom * t)
        height = width * SIZE[1] / SIZE[0]
        x = min(self.x + self.speed * t, self.view.width - width)
        y = min(self.y + self.speed / 3 * t, self.view.height - height)
        return self.view.resize(SIZE, Image.BILINEAR, (x, y, x + width, y + height))


def transition(kind, before, after, share):
    if kind == "dissolve":
        return Image.blend(before, after, share)
    if kind == "black":
        black = Image.new("RGB", SIZE)
        return Image.blend(before, black, share * 2) if share < 0.5 else Image.blend(black, after, share * 2 - 1)
    edge = int(SIZE[0] * share)
    mixed = before.copy()
    mixed.paste(after.crop((0, 0, edge, SIZE[1])), (0, 0))
    return mixed


EFFECTS = ["clean", "noise", "flicker", "flash", "low"]
CODECS = {"clean": ["-c:v", "libx264", "-crf", "23"], "noise": ["-c:v", "libx264", "-crf", "26", "-vf", "noise=alls=14:allf=t"],
          "flicker": ["-c:v", "libvpx", "-b:v", "700k"], "flash": ["-c:v", "mpeg4", "-q:v", "5"],
          "low": ["-c:v", "libx264", "-crf", "38", "-preset", "veryfast"]}
SUFFIX = {"flicker": "webm", "flash": "avi", "noise": "mkv"}


def make(folder, number, charts, photos):
    """Makes one clip and gives its path and its changes: (kind, beginning, end) in seconds."""
    dice = random.Random(1000 + number)
    effect = EFFECTS[number % len(EFFECTS)]
    # No picture twice: one that was seen before is left out on purpose.
    pictures, views = dice.sample(charts, 7), dice.sample(photos, len(photos))
    kinds = [dice.choice([Still, Still, Speaker, Pan]) for _ in range(7)]
    scenes = [kind(dice, pictures[n], views[n % len(views)]) for n, kind in enumerate(kinds)]
    path = os.path.join(folder, f"{number:02}_{effect}.{SUFFIX.get(effect, 'mp4')}")
    encoder = subprocess.Popen(
        ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}", "-r", str(RATE), "-i", "-",
         *CODECS[effect], "-threads", "1", "-pix_fmt", "yuv420p", path], stdin=subprocess.PIPE)
    changes, flashes = [], []
    count = 0

    def put(image):
        nonlocal count
        if effect == "flicker":
            level = 1 + dice.uniform(-0.04, 0.04)
            image = image.point(lambda v: min(255, int(v * level)))
        if effect == "flash" and dice.random() < 0.006:
            flashes.append(count / RATE)
            image = ImageChops.add(image, Image.new("RGB", SIZE, (140, 140, 140)))
        encoder.stdin.write(image.tobytes())
        count += 1

    clock = 0.0
    for index, scene in enumerate(scenes):
        for step in range(int(dice.uniform(2.0, 4.0) * RATE)):
            put(scene.frame(clock))
            clock += 1 / RATE
        if index + 1 == len(scenes):
            break
        follower, start = scenes[index + 1], count / RATE
        kind = dice.choice(["cut", "cut", "dissolve", "black", "wipe"])
        if kind != "cut":
            steps = int(dice.uniform(0.4, 1.2) * RATE)
            for step in range(1, steps):
                put(transition(kind, scene.frame(clock), follower.frame(0), step / steps))
                clock += 1 / RATE
        changes.append((kind, start, count / RATE))
        clock = 0.0
    encoder.stdin.close()
    if encoder.wait() != 0:
        sys.exit("ffmpeg failed")
    return path, {"effect": effect, "changes": changes, "flashes": flashes, "duration": count / RATE}


def inputs():
    charts = sorted(glob.glob(f"{SHARED}/data/charts/*.png"))
    # Views that differ from each other.
    views = [f"{SHARED}/data/images/{name}.jpg" for name in ("landscape_1", "photo_12mp", "jpeg_progressive", "jpeg_gray", "jpeg_big_icc")]
    photos = [view for view in views if os.path.exists(view)]
    if len(charts) < 10 or len(photos) < 3:
        sys.exit(f"{SHARED}/data has no charts and photographs: set QDOC_SHARED")
    return charts, photos


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--keep")
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--clips", type=int, default=25)
    given = options.parse_args()
    folder = given.keep or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    charts, photos = inputs()
    found, wanted, false = {}, {}, 0
    for number in range(given.first, given.first + given.clips):
        path, facts = make(folder, number, charts, photos)
        chosen = frames(path)
        used = {t for t in chosen[:1] if t < facts["changes"][0][1] - 0.5 / RATE}
        for kind, begin, end in facts["changes"]:
            wanted[kind] = wanted.get(kind, 0) + 1
            hit = next((t for t in chosen if t not in used and begin - 0.5 / RATE <= t <= end + 1), None)
            if hit is not None:
                used.add(hit)
                found[kind] = found.get(kind, 0) + 1
        false += sum(t not in used for t in chosen)
    for kind in sorted(wanted):
        print(f"{kind}: {found.get(kind, 0)} of {wanted[kind]} found")
    print(f"{sum(found.values())} of {sum(wanted.values())} changes found, {false} false ones, in {given.clips} clips")


def frames(path):
    """The times of the frames that qdoc chooses by scene."""
    result = subprocess.run(
        [QDOC, "inspect", path, "--json", "--ocr", "never", "--frames", "1000"], env=environment("http://127.0.0.1:9"), capture_output=True, text=True)
    if result.returncode not in (0, 3):
        sys.exit(f"{path}: {result.stderr}")
    return [page["timestamp"] for page in json.loads(result.stdout)["pages"]]


if __name__ == "__main__":
    main()

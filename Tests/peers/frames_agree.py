"""The frames that are chosen by time show what ffmpeg shows then, and of clips made here also what went into them.

    frames_agree.py           a clip of each kind
    frames_agree.py --all     every matrix in each codec and depth, every turn, more sizes
"""
import functools, glob, json, os, shutil, struct, subprocess, sys, tempfile
# Before numpy comes: its threads wait by turning, which takes ten times the time of these small products.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np
from _qdoc import QDOC, ROOT, SHARED, check, finish, qdoc, skip

PROBE = os.environ.get("QDOC_VIDEO_PROBE", f"{ROOT}/.build/debug/QdocVideoProbe")
# Of 255: two programs round colours and smooth the edges of colour differently.
LIMIT = 2.0
ALL = "--all" in sys.argv
RATE, FRAMES = 10, 14
CHOICES = ["every=0.3", "at=0.05,0.77,1.31"]
# Red's and blue's share of luma. Source: ITU-R BT.601, BT.709, BT.2020.
SHARES = {"smpte170m": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020nc": (0.2627, 0.0593)}


def pictures(width, height):
    """Smooth, so that colour of half the resolution loses nothing, and another one in each frame; one part stands out for its place."""
    y, x = np.mgrid[0:height, 0:width] / max(width, height)
    for number in range(FRAMES):
        phase = number * 0.9
        picture = np.stack([
            128 + 100 * np.sin(5 * x + phase), 128 + 100 * np.cos(4 * y + 1.3 * phase), 128 + 100 * np.sin(3 * (x + y) - 0.7 * phase)], axis=2)
        corner = picture[: height // 8 * 2, : width // 10 * 2]
        corner[:] = (corner + 60) * 0.5
        yield picture.clip(0, 255)


def planes(picture, matrix, is_full, form):
    """Luma and colour differences, worked out here so that no scaler of ffmpeg has a part in it."""
    red_share, blue_share = SHARES[matrix]
    red, green, blue = np.moveaxis(picture / 255, 2, 0)
    luma = red_share * red + (1 - red_share - blue_share) * green + blue_share * blue
    differences = [(blue - luma) / (2 - 2 * blue_share), (red - luma) / (2 - 2 * red_share)]
    depth, kind = (10, "<u2") if form.endswith("10le") else (8, "u1")
    low, high, middle, span = (0, 255, 128, 255) if is_full else (16, 219, 128, 224)
    if "420" in form:
        height, width = luma.shape
        padded = [np.pad(d, ((0, height % 2), (0, width % 2)), mode="edge") for d in differences]
        differences = [(d[::2, ::2] + d[1::2, ::2] + d[::2, 1::2] + d[1::2, 1::2]) / 4 for d in padded]
    whole = [low + high * luma] + [middle + span * d for d in differences]
    return b"".join((p * 2 ** (depth - 8)).round().clip(0, 2**depth - 1).astype(kind).tobytes() for p in whole)


def turn(path, turns):
    """Writes clockwise quarter turns into the matrix of each track's header. Source: ISO/IEC 14496-12, 8.3.2."""
    cosine, sine = [(1, 0), (0, 1), (-1, 0), (0, -1)][turns]
    matrix = [v << 16 for v in (cosine, sine, 0, -sine, cosine, 0, 0, 0)] + [1 << 30]
    data = bytearray(open(path, "rb").read())
    at = data.find(b"tkhd")
    while at > 0:
        data[at + 44:at + 80] = struct.pack(">9i", *matrix)
        at = data.find(b"tkhd", at + 4)
    open(path, "wb").write(data)


def make(folder, name, codec, matrix="smpte170m", is_full=False, form="yuv420p", size=(212, 120), turns=0, extra=()):
    """Makes a clip and gives its path and the pictures that it is to show."""
    path = f"{folder}/{name}"
    shown = list(pictures(*size))
    raw = b"".join(p.round().astype(np.uint8).tobytes() if form == "rgb24" else planes(p, matrix, is_full, form) for p in shown)
    told = [] if form == "rgb24" else ["-colorspace", matrix, "-color_range", "pc" if is_full else "tv"]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", form, "-s", "%dx%d" % size, "-r", str(RATE), *told, "-i", "-",
         *codec.split(), "-threads", "1", *told, *extra, path], input=raw, check=True)
    if turns:
        turn(path, turns)
    return path, [np.rot90(p, -turns) for p in shown]


X264 = "-c:v libx264 -preset veryfast -crf 6 -bf 2"
MPEG4 = "-c:v mpeg4 -q:v 1 -g 8"
VP9 = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -crf 8 -b:v 0"
FFV1 = "-c:v ffv1"


def made(folder):
    yield make(folder, "plain.mp4", X264)
    yield make(folder, "plain.webm", VP9)
    yield make(folder, "plain.avi", MPEG4)
    yield make(folder, "jpeg.avi", "-c:v mjpeg -q:v 2", is_full=True, form="yuvj420p")
    yield make(folder, "runs.mov", "-c:v qtrle", form="rgb24")
    yield make(folder, "late.mkv", X264, extra=("-output_ts_offset", "5"))
    if ALL:
        yield make(folder, "plain.mov", X264)
        yield make(folder, "plain.mkv", X264)
        yield make(folder, "rgb.avi", "-c:v rawvideo -pix_fmt bgr24", form="rgb24")
    for turns in (1, 2, 3):
        if ALL or turns != 3:
            yield make(folder, f"turned{turns}.mp4", X264, turns=turns)
        if ALL or turns == 3:
            yield make(folder, f"turned{turns}.mov", MPEG4, size=(196, 128), turns=turns)
    for matrix in SHARES:
        for is_full in (False, True):
            kind = f"{matrix}_{'full' if is_full else 'limited'}"
            if ALL or matrix != "bt2020nc":
                yield make(folder, f"{kind}.mp4", X264, matrix, is_full)
            if ALL:
                yield make(folder, f"{kind}.mkv", FFV1, matrix, is_full, form="yuv444p")
            if ALL or (matrix == "bt2020nc" and not is_full):
                yield make(folder, f"{kind}_10.mkv", FFV1, matrix, is_full, form="yuv420p10le")
    if ALL:
        yield make(folder, "bt709.webm", VP9, "bt709")
    for size in ((197, 131), (331, 77), (133, 251)) if ALL else ((197, 131),):
        yield make(folder, "odd_%d.mkv" % size[0], FFV1, size=size)
        if ALL:
            yield make(folder, "odd_%d.mp4" % size[0], X264, form="yuv444p", size=size)
    yield make(folder, "wide.mp4", X264, extra=("-bsf:v", "h264_metadata=sample_aspect_ratio=4/3"))
    yield make(folder, "high.mkv", f"{FFV1} -aspect 1.5704")
    if ALL:
        yield make(folder, "high.mp4", X264, extra=("-bsf:v", "h264_metadata=sample_aspect_ratio=8/9"))
        yield make(folder, "wide.mkv", f"{FFV1} -aspect 2.3556")
    yield make(folder, "wide_turned.mov", X264, turns=1, extra=("-bsf:v", "h264_metadata=sample_aspect_ratio=4/3"))


@functools.cache
def weights(source, target):
    """How much of each source pixel lies under each target pixel."""
    edges = np.arange(target + 1) * source / target
    starts = np.arange(source)
    overlap = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    return (np.clip(overlap, 0, 1) * target / source).astype(np.float32)


def reduced(picture, size):
    across, down = weights(picture.shape[1], size[0]).T, weights(picture.shape[0], size[1])
    channels = np.ascontiguousarray(np.moveaxis(picture, 2, 0), dtype=np.float32)
    return np.moveaxis(down @ (channels @ across), 0, 2)


def looked_up(path):
    """ffmpeg's frames, turned as it turns them; their times from the first one; and the shape of a pixel."""
    told = json.loads(subprocess.run(
        ["ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries",
         "stream=width,height,sample_aspect_ratio:stream_side_data=rotation:frame=best_effort_timestamp_time", "-of", "json", path],
        capture_output=True, check=True).stdout)
    stream = told["streams"][0]
    rotation = next((int(s["rotation"]) for s in stream.get("side_data_list", []) if "rotation" in s), 0)
    is_on_its_side = rotation % 180 != 0
    width, height = (stream["height"], stream["width"]) if is_on_its_side else (stream["width"], stream["height"])
    across, down = map(int, stream.get("sample_aspect_ratio", "1:1").split(":"))
    aspect = across / down if across and down else 1
    if is_on_its_side:
        aspect = 1 / aspect
    # Colour as it was stored, each sample for all pixels that share it: scaling by area takes it so, too.
    raw = subprocess.run(
        ["ffmpeg", "-v", "quiet", "-threads", "1", "-i", path, "-map", "0:v:0", "-vsync", "passthrough", "-vf",
         "scale=flags=neighbor+accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24", "-f", "rawvideo", "-"], capture_output=True).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)
    times = np.array([float(f["best_effort_timestamp_time"]) for f in told["frames"] if "best_effort_timestamp_time" in f])
    return frames, times[: len(frames)] - times[0], aspect


def ours(path, choice):
    """The size as displayed, and of each frame its time and its pixels in half that size or less."""
    done = subprocess.run([PROBE, "frames", path, "320", choice], capture_output=True)
    if not check(done.returncode == 0, f"{os.path.basename(path)} {choice}: {done.stdout[-300:]}"):
        return None, []
    size, frames, at = None, [], 0
    while at < len(done.stdout):
        end = done.stdout.index(b"\n", at)
        time, *sides = done.stdout[at:end].split()
        *size, width, height = map(int, sides)
        pixels = np.frombuffer(done.stdout, np.uint8, width * height * 4, end + 1).reshape(height, width, 4)
        frames.append((float(time), pixels[..., 2::-1]))
        at = end + 1 + pixels.size
    return tuple(size), frames


def asked(choice, end):
    kind, values = choice.split("=")
    if kind == "at":
        return [float(v) for v in values.split(",")]
    return list(np.arange(0, end, float(values)))


def rms(one, other):
    return float(np.sqrt(((one - other) ** 2).mean()))


def compare(path, truth=None):
    frames, times, aspect = looked_up(path)
    height, width = frames.shape[1:3]
    shape = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
    end = 2 * times[-1] - times[-2] - 1e-3
    worst, count = 0, 0
    for choice in CHOICES if truth else ["every=2"]:
        name = f"{os.path.basename(path)} {choice}"
        size, drawn = ours(path, choice)
        if size is None:
            continue
        check(size == shape, f"{name}: {size}, ffmpeg says {shape}")
        wanted = [int(np.searchsorted(times, t + 5e-4, side="right")) - 1 for t in asked(choice, end)]
        # Of times that are asked for each has its frame; else frames that are alike, as in shared documents, are left out.
        indices = wanted if choice.startswith("at") else [int(np.abs(times - time).argmin()) for time, _ in drawn]
        check(set(indices) <= set(wanted), f"{name}: frames {indices}, and ffmpeg shows {wanted} then")
        check(len(drawn) == len(wanted) if truth else len(drawn) > 0, f"{name}: {len(drawn)} of {len(wanted)} frames")
        for index, (time, pixels) in zip(indices, drawn):
            others = {"ffmpeg's": frames[index]} | ({"what went in": truth[index]} if truth else {})
            for whose, other in others.items():
                difference = rms(pixels, reduced(other, pixels.shape[1::-1]))
                worst, count = max(worst, difference), count + 1
                check(difference <= LIMIT, f"{name}: the frame at {time:.3f} s is {difference:.2f} RMS from {whose}")
    return worst, count


def same_times(path):
    """The program chooses the same frames as the part that was compared."""
    times = [time for time, _ in ours(path, CHOICES[0])[1]]
    status, output, errors = qdoc("inspect", path, "--json", "--ocr", "never", "--every", CHOICES[0].split("=")[1])
    if check(status == 0, f"qdoc inspect {path}: {errors}"):
        told = [page["timestamp"] for page in json.loads(output)["pages"]]
        check(len(told) == len(times) and np.allclose(told, times, atol=1e-3), f"{os.path.basename(path)}: qdoc tells {told}, the part {times}")


def main():
    if not os.path.isfile(PROBE):
        skip(f"{PROBE} is not built")
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        skip("the package ffmpeg is not installed")
    worst, count, clips = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        jobs = [*made(folder)] + [(path, None) for path in (sorted(glob.glob(f"{SHARED}/data/video/*")) if SHARED else [])]
        for path, truth in jobs:
            most, compared = compare(path, truth)
            worst, count, clips = max(worst, most), count + compared, clips + 1
        if os.path.isfile(QDOC) and os.path.isfile(f"{os.path.dirname(QDOC)}/qdoc-video"):
            for name in ("plain.mp4", "late.mkv"):
                same_times(f"{folder}/{name}")
    finish(f"{clips} clips{'' if SHARED else ' (none of the shared documents)'}, {count} comparisons, RMS at most {worst:.2f} of 255")


main()

#!/usr/bin/env python3
"""CPU from page to streamed answer: qdoc beside what a user would write in Python, on the same mock model.

  model_route.py --runs 5 --pages 100 text100.pdf

Run it with a Python that has openai, pypdfium2 and pillow (scripts/test makes one: .build/test-venv/bin/python). One page a request, images of at most
1600 pixels, 200 tokens of reasoning and 300 of answer, all at once; no characters are recognised, which the other does not do either. Rounds alternate; medians are compared, CPU with all children.
"""
import argparse, os, sys, tempfile
from _bench import QDOC, SHARED, Mock, environment, measure, median


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="a PDF")
    parser.add_argument("--pages", type=int, required=True, help="how many it has")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=8, help="requests in flight")
    parser.add_argument("--window", type=int, default=1, help="pages of one request")
    options = parser.parse_args()
    path = os.path.abspath(options.file)
    results = {}
    with Mock(reasoning_tokens=200, answer_tokens=300) as mock, tempfile.TemporaryDirectory() as folder:
        base = mock.url + "/v1"
        common = ["--input", path, "--base-url", base, "--model", "mock-json", "--max-side", "1600", "--out", folder]
        python = [sys.executable, f"{SHARED}/bench/peers/baseline_pypdfium2.py", *common, "--concurrency", str(options.jobs)]
        ours = [
            QDOC, "analyze", path, "-m", "openai/mock-json", "--max-side", "1600", "--window", str(options.window), "-j", str(options.jobs),
            "--format", "json", "-o", f"{folder}/report.json", "--force", "--ocr", "never",
        ]
        commands = {
            "qdoc": ours, "python": python + ["--pages-per-request", str(options.window)],
            "qdoc start": [QDOC, "version"], "python start": [sys.executable, "-c", "import openai, pypdfium2, PIL.Image"],
        }
        for run in range(options.runs):
            for name, command in commands.items():
                mock.call("/admin/reset")
                # A store that knows the answers would send nothing.
                wall, cpu = measure(command, dict(environment(base), XDG_STATE_HOME=f"{folder}/{run}"))
                stats = mock.call("/stats?log=1")
                images = {image["sha256"] for request in stats["log"] if request["complete"] for image in request["images"]}
                if not name.endswith("start") and len(images) != options.pages:
                    sys.exit(f"{name}: {len(images)} different images answered, {options.pages} expected")
                results.setdefault(name, []).append((cpu, wall, stats["bytes_in"]))
                print(f"# {run + 1} {name}: {cpu:.2f} s CPU, {wall:.2f} s", file=sys.stderr)
    middle = {name: [median(column) for column in zip(*rows)] for name, rows in results.items()}
    print("| | CPU ms/page | CPU s | wall s | KB sent/page |\n|---|---|---|---|---|")
    for name in ("qdoc", "python"):
        cpu, wall, sent = middle[name]
        print(f"| {name} | {1000 * cpu / options.pages:.1f} | {cpu:.2f} | {wall:.2f} | {sent / options.pages / 1000:.0f} |")
    print(f"ratio {middle['qdoc'][0] / middle['python'][0]:.2f}; start-up CPU ms: qdoc {1000 * middle['qdoc start'][0]:.0f}, "
          f"python {1000 * middle['python start'][0]:.0f}; {options.runs} runs, load {os.getloadavg()[0]:.1f}")


main()

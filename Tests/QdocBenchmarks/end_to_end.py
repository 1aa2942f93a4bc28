#!/usr/bin/env python3
"""From files to streamed answers: qdoc beside what a user would write in Python, on the same mock model.

  end_to_end.py --runs 5 text100.pdf
  end_to_end.py --runs 3 photos60/

Run it with a Python that has openai, pypdfium2 and pillow (scripts/test makes one: .build/test-venv/bin/python). A page or picture a request, images of
at most 1600 pixels, 200 tokens of reasoning and 300 of answer; no characters are recognised, which the other does not do either. Rounds alternate;
medians are compared: CPU with all children, when the first request came, and for which part of the time from the first request to the last as many
were in flight as may be. The model answers at once, or after --ttft seconds with --tps tokens a second, which is what keeps requests in flight.
"""
import argparse, os, sys, tempfile, time
from _bench import QDOC, SHARED, Mock, environment, measure, median


def kept_full(log, jobs):
    """The part of the time between the first arrival and the last one in which `jobs` requests were open."""
    steps = sorted([(request["t_first_byte"], 1) for request in log] + [(request["t_done"], -1) for request in log])
    last = max(request["t_first_byte"] for request in log)
    open_now, since, full = 0, steps[0][0], 0
    for moment, change in steps:
        if moment > last: break
        if open_now >= jobs: full += moment - since
        open_now, since = open_now + change, moment
    return full / max(1e-9, last - steps[0][0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input", help="a PDF, or a folder of pictures")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=8, help="requests in flight")
    parser.add_argument("--window", type=int, default=1, help="pages of one request")
    parser.add_argument("--ttft", type=float, default=0, help="seconds to the first token")
    parser.add_argument("--tps", type=float, default=0, help="tokens a second; 0: all at once")
    options = parser.parse_args()
    path = os.path.abspath(options.input)
    settings = dict(reasoning_tokens=200, answer_tokens=300, ttft=options.ttft, tps=options.tps)
    results, pages = {}, 0
    with Mock(**settings) as mock, tempfile.TemporaryDirectory() as folder:
        base = mock.url + "/v1"
        common = ["--input", path, "--base-url", base, "--model", "mock-json", "--max-side", "1600", "--out", folder]
        python = [sys.executable, f"{SHARED}/bench/peers/baseline_pypdfium2.py", *common, "--concurrency", str(options.jobs)]
        ours = [
            QDOC, "analyze", path, "-m", "openai/mock-json", "--max-side", "1600", "--window", str(options.window), "-j", str(options.jobs),
            "--format", "json", "-o", f"{folder}/reports/", "--force", "--ocr", "never",
        ]
        commands = {
            "qdoc": ours, "python": python + ["--pages-per-request", str(options.window)],
            "qdoc start": [QDOC, "version"], "python start": [sys.executable, "-c", "import openai, pypdfium2, PIL.Image"],
        }
        for run in range(options.runs):
            for name, command in commands.items():
                mock.call("/admin/reset")
                begun = time.time()
                # A store that knows the answers would send nothing.
                wall, cpu = measure(command, dict(environment(base), XDG_STATE_HOME=f"{folder}/{run}"))
                stats = mock.call("/stats?log=1")
                log = [request for request in stats["log"] if request["complete"]]
                row = [cpu, wall, stats["bytes_in"], 0, 0]
                if not name.endswith("start"):
                    images = sum(len(request["images"]) for request in log)
                    pages = pages or images
                    if images != pages: sys.exit(f"{name}: {images} images answered, {pages} expected")
                    row[3:] = [min(request["t_first_byte"] for request in log) - begun, kept_full(log, options.jobs)]
                results.setdefault(name, []).append(row)
                print(f"# {run + 1} {name}: {cpu:.2f} s CPU, {wall:.2f} s", file=sys.stderr)
    middle = {name: [median(column) for column in zip(*rows)] for name, rows in results.items()}
    print("| | CPU ms/page | CPU s | wall s | KB sent/page | first request s | all in flight |\n|---|---|---|---|---|---|---|")
    for name in ("qdoc", "python"):
        cpu, wall, sent, first, full = middle[name]
        print(f"| {name} | {1000 * cpu / pages:.1f} | {cpu:.2f} | {wall:.2f} | {sent / pages / 1000:.0f} | {first:.2f} | {100 * full:.0f} % |")
    print(f"ratio {middle['qdoc'][0] / middle['python'][0]:.2f}; start-up CPU ms: qdoc {1000 * middle['qdoc start'][0]:.0f}, "
          f"python {1000 * middle['python start'][0]:.0f}; {pages} pages, {options.runs} runs, load {os.getloadavg()[0]:.1f}")


main()

#!/usr/bin/env python3
"""How far drawing has come when the first request arrives, and when its answer ends: stages overlap, or they do not.

  first_request.py text100.pdf

The mock model answers slowly (the first token after 2 s, then 100 a second). Prints pages drawn, from the times of the events and of the mock's log.
"""
import argparse, datetime, json, os, subprocess, sys
from _bench import QDOC, Mock, environment


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", help="a PDF of many pages")
    parser.add_argument("--window", type=int, default=8, help="pages of one request")
    options = parser.parse_args()
    path = os.path.abspath(options.file)
    with Mock(ttft=2, tps=100, reasoning_tokens=50, answer_tokens=50) as mock:
        command = [QDOC, "analyze", path, "-m", "openai/mock-json", "--events", "jsonl", "--format", "json", "--window", str(options.window)]
        done = subprocess.run(command, env=environment(mock.url + "/v1"), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        log = mock.call("/stats?log=1")["log"]
    if done.returncode not in (0, 3) or not log:
        sys.exit(f"qdoc ended with {done.returncode}: {done.stderr[-2000:]}")
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    moment = lambda event: datetime.datetime.fromisoformat(event["time"]).timestamp()
    begun = moment(events[0])
    drawn = sorted(moment(event) for event in events if event["kind"] == "imageMade")
    first = min(request["t_first_byte"] for request in log)
    answered = min(request["t_done"] for request in log)
    count = lambda time: sum(1 for made in drawn if made <= time)
    print(f"{len(drawn)} images; the first request arrived {first - begun:.2f} s after the start with {count(first)} drawn, "
          f"its answer ended after {answered - begun:.2f} s with {count(answered)} drawn")
    print(f"requests {len(log)}, at most {max(request['inflight'] for request in log)} in flight")


main()

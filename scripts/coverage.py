"""Sums llvm-cov's export by target; see scripts/coverage."""
import json, re, sys

TARGETS = ["QdocIngest", "QdocPrompt", "QdocModel", "QdocReader", "QdocExtract", "QdocProof", "QdocReport", "QdocPipeline"]
lines = {}
for file in json.load(sys.stdin)["data"][0]["files"]:
    target = re.search(r"/Sources/(Qdoc\w+)/", file["filename"])
    if target and target[1] in TARGETS:
        covered, count = lines.get(target[1], (0, 0))
        summary = file["summary"]["lines"]
        lines[target[1]] = (covered + summary["covered"], count + summary["count"])

covered, count = (sum(column) for column in zip(*lines.values())) if lines else (0, 0)
for name in TARGETS:
    c, n = lines.get(name, (0, 0))
    print(f"{name:14} {c:6} of {n:6} lines  {100 * c / n if n else 0:5.1f} %")
share = 100 * covered / count if count else 0
print(f"{'in all':14} {covered:6} of {count:6} lines  {share:5.1f} %")
sys.exit(share < float(sys.argv[1]))

"""Writes every sample and its truth into the folder that is named."""

import json
import sys
from pathlib import Path

import annual
import others


def main(folder):
    folder = Path(folder)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    makers = {
        "annual-report.pdf": annual.make, "invoice.pdf": others.invoice, "scanned-letter.pdf": others.letter, "dashboard.png": others.dashboard,
        "chart.png": others.chart, "photo-of-chart.jpg": others.photo,
    }
    for name, make in makers.items():
        truth = make(str(folder / name))
        path = folder / "truth" / (name.rsplit(".", 1)[0] + ".json")
        path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")


main(sys.argv[1])

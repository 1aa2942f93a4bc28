"""Reports, events and inspections match their published JSON Schemas, and reports that were broken on purpose do not (by python-jsonschema)."""
import copy, json
from jsonschema.validators import validator_for
from _qdoc import ROOT, Model, check, finish, qdoc, report, sample


def validator(name):
    with open(f"{ROOT}/schemas/{name}.json") as file:
        schema = json.load(file)
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def errors(instance, schema):
    return [f"{e.json_path}: {e.message[:160]}" for e in schema.iter_errors(instance)]


reports, events, inspections = (validator(f"qdoc.{name}-1") for name in ("report", "events", "inspect"))
names = ["annual-report.pdf", "invoice.pdf", "scanned-letter.pdf", "dashboard.png", "photo-of-chart.jpg"]
made = {name: report(sample(name)) for name in names}

model = Model(lambda body: json.dumps({"title": "Annual report", "keyFigures": [], "tables": [], "charts": [], "findings": []}))
made["by a model"] = report(sample("annual-report.pdf"), "--pages", "1-3", *model.arguments())
for name, instance in made.items():
    check(not errors(instance, reports), f"report of {name}: {errors(instance, reports)[:3]}")

for name in names[:3]:
    status, output, _ = qdoc("inspect", sample(name), "--json")
    check(status in (0, 3), f"inspect {name} ended with {status}")
    found = errors(json.loads(output), inspections)
    check(not found, f"inspection of {name}: {found[:3]}")

status, _, lines = qdoc("analyze", sample("annual-report.pdf"), "--events", "jsonl", *model.arguments())
lines = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
check(len(lines) > 10, "events were written")
check([e["seq"] for e in lines] == list(range(lines[0]["seq"], lines[0]["seq"] + len(lines))), "events are numbered without a gap")
for event in lines:
    found = errors(event, events)
    check(not found, f"event {event.get('kind')}: {found[:2]}")

# 30 faults, each of which a reader of the report would trip over.
good = made["by a model"]
proven = made["annual-report.pdf"]


def broken(base, *path, **change):
    """A copy with the member at a path deleted, or set to `to`."""
    instance = copy.deepcopy(base)
    target = instance
    for step in path[:-1]:
        target = target[step]
    if "to" in change:
        target[path[-1]] = change["to"]
    else:
        del target[path[-1]]
    return instance


faults = [
    broken(good, "schema"), broken(good, "schema", to="qdoc.report/2"), broken(good, "run"), broken(good, "run", "state", to="done"),
    broken(good, "run", "id"), broken(good, "run", "startedAt", to="yesterday"), broken(good, "run", "duration", to=-1),
    broken(good, "sources", to={}), broken(good, "sources", 0, "sha256", to="abc"), broken(good, "sources", 0, "pages", to="3"),
    broken(good, "sources", 0, "mediaType", to="pdf"), broken(good, "sources", 0, "ordinal", to=0),
    broken(good, "pages", 0, "outcome", to="ok"), broken(good, "pages", 0, "width", to=-1), broken(good, "pages", 0, "page", to=0),
    broken(good, "images", 0, "number", to=0), broken(good, "images", 0, "encoding", to="gif"), broken(good, "images", 0, "sha256"),
    broken(good, "images", 0, "tokens", to=-1), broken(good, "calls", 0, "state", to="lost"), broken(good, "calls", 0, "images", to=["1"]),
    broken(good, "calls", 0, "usage"), broken(good, "egress", 0, "host"), broken(good, "egress", 0, "textBytes", to=1.5),
    broken(good, "totals", "pages", to=None), broken(good, "totals", "verified"), broken(good, "data"),
    broken(proven, "evidence", 0, "verdict", to="true"), broken(proven, "evidence", 0, "pointer", to="keyFigures"),
    broken(proven, "evidence", 0, "places", to=[{"page": 1}]), broken(good, "surprise", to=1),
]
for number, instance in enumerate(faults):
    check(errors(instance, reports), f"fault {number} was accepted")
finish(f"{len(made)} reports, {len(lines)} events and 3 inspections are valid, {len(faults)} broken reports are not")

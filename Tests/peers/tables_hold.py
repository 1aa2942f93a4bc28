"""A CSV file is read cell for cell; texts, mail and Office documents say what is in them, and nothing of LibreOffice is left."""
import csv, os, random, subprocess, tempfile
from _qdoc import QDOC, check, finish, qdoc, report

OFFICE = "/usr/lib/libreoffice/program/soffice.bin"
CONVERTER = os.path.join(os.path.dirname(os.path.realpath(QDOC)), "qdoc-convert")
random.seed(7)


def same(cell, value):
    """Whether a cell of the file is the value of the report: a number of the same size, else the same words."""
    cell = " ".join(cell.split())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = cell.rstrip("%").strip()
        tries = [text.replace(",", ""), text.replace(".", "").replace(",", "."), text.replace(" ", "").replace(",", ".")]
        return any(number(t) is not None and abs(number(t) - value) <= 1e-9 * max(1, abs(value)) for t in tries)
    return cell == ("" if value is None else " ".join(str(value).split()))


def program(pid):
    """The file that a process runs; another checkout's tests may run beside these."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return None


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def read_rows(path):
    """The heading and the rows that the local reader finds, its tables joined."""
    heading, rows = None, []
    for table in report(path)["data"]["tables"]:
        heading = heading or table["columns"]
        rows += table["rows"]
    return heading, rows


def compare(folder, name, heading, rows, **form):
    path = f"{folder}/{name}"
    with open(path, "w", newline="") as file:
        csv.writer(file, **form).writerows([heading, *rows])
    found_heading, found = read_rows(path)
    wanted = [cell for row in [heading, *rows] for cell in row]
    got = [cell for row in [found_heading or [], *found] for cell in row]
    right = sum(same(str(a), b) for a, b in zip(wanted, got)) if len(wanted) == len(got) else 0
    wrong = [(a, b) for a, b in zip(wanted, got) if not same(str(a), b)][:5]
    check(right == len(wanted), f"{name}: {right} of {len(wanted)} cells ({len(got)} found), {wrong}")
    return len(wanted)


words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda".split()
phrase = lambda count: " ".join(random.choice(words) for _ in range(count))
cells = 0
with tempfile.TemporaryDirectory() as folder:
    plain = [[f"{random.choice(words)} {i}", random.randint(1, 10**6), f"{random.uniform(-9999, 9999):.2f}", f"{random.uniform(0, 99):.1f}%"]
             for i in range(200)]
    cells += compare(folder, "plain.csv", ["Name", "Units", "Amount", "Share"], plain)
    german = [[phrase(2), f"{random.randint(1, 999)},{random.randint(10, 99)}", random.randint(1, 99)] for _ in range(40)]
    cells += compare(folder, "semicolons.csv", ["Posten", "Betrag", "Menge"], german, delimiter=";")
    quoted = [[i, f'{phrase(3)}, "{phrase(1)}"', phrase(14), random.randint(1, 99)] for i in range(30)]
    cells += compare(folder, "quoted.csv", ["Id", "Note", "Text", "Count"], quoted)
    wide = [[random.randint(1, 10**5) for _ in range(30)] for _ in range(25)]
    cells += compare(folder, "wide.csv", [f"Column {chr(65 + i % 26)}{i // 26}" for i in range(30)], wide)
    cells += compare(folder, "tabs.csv", ["Ort", "Größe"], [["Köln", 12], ["Łódź", 7], ["Αθήνα", 31]], delimiter="\t")

    made = {}
    if os.path.exists(OFFICE):
        page = f"{folder}/page.html"
        with open(page, "w") as file:
            file.write("<html><body><h1>Yearly figures</h1><p>Revenue was 4711 units.</p></body></html>")
        slides = f"{folder}/slides.fodp"
        with open(slides, "w") as file:
            file.write("""<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
                xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
                xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"
                office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body><office:presentation><draw:page draw:name="p">
                <draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="3cm"><draw:text-box><text:p>Revenue was 4711 units.</text:p>
                </draw:text-box></draw:frame></draw:page></office:presentation></office:body></office:document>""")

        def make(source, *form):
            command = [OFFICE, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile", *form[:-1], "--convert-to",
                       form[-1], "--outdir", folder, source]
            for _ in range(2):
                if subprocess.run(command, capture_output=True, timeout=120, env={"HOME": folder, "SAL_USE_VCLPLUGIN": "svp"}).returncode != 81:
                    break

        make(page, "--infilter=HTML (StarWriter)", "docx")
        make(page, "--infilter=HTML (StarWriter)", "odt:writer8")
        make(f"{folder}/tabs.csv", "xlsx")
        make(f"{folder}/tabs.csv", "ods")
        make(slides, "pptx")
        make(slides, "odp")
        for name, wanted in [("page.html", "4711"), ("page.docx", "4711"), ("page.odt", "4711"), ("slides.pptx", "4711"), ("slides.odp", "4711"),
                             ("tabs.xlsx", "31"), ("tabs.ods", "31")]:
            path = f"{folder}/{name}"
            if not check(os.path.exists(path), f"LibreOffice made no {name}"):
                continue
            status, output, errors = qdoc("inspect", path, "--json")
            if status != 0 and "sandbox_unavailable" in errors + output:
                print(f"{name}: no namespaces here")
                break
            check(status == 0 and wanted in output, f"{name}: status {status}, {errors[-300:]}")
            made[name] = status
        # A document that tells LibreOffice to read what is not its own.
        with open(f"{folder}/linked.html", "w") as file:
            file.write('<html><body><p>Before</p><iframe src="file:///etc/passwd"></iframe><img src="http://127.0.0.1:9/x.png"><p>After</p></body></html>')
        status, output, errors = qdoc("inspect", f"{folder}/linked.html", "--json")
        check("root:" not in output, "a linked file was read")
    left = [pid for pid in filter(str.isdigit, os.listdir("/proc")) if program(pid) == CONVERTER]
    check(not left, f"processes are left: {left}")
    check(not [n for n in os.listdir(os.environ.get("TMPDIR", "/tmp")) if n.startswith("qdoc-office-")], "a folder is left")
finish(f"{cells} cells of 5 tables, {len(made)} Office documents")

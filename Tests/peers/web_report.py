"""The report as a web page, in headless Chromium: quiet, closed, usable by keyboard, accessible by axe-core, and deaf to hostile text."""
import atexit, json, os, shutil, tempfile, time
from _qdoc import check, finish, qdoc, sample, skip

try:
    import axe_core_python, websocket
except ImportError as error:
    skip(f"{error.name} is not installed")
from _browser import Browser

AXE = open(os.path.join(os.path.dirname(axe_core_python.__file__), "axe.min.js"), encoding="utf-8").read()
folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder, ignore_errors=True)


def render(report, name):
    source, page = f"{folder}/{name}.json", f"{folder}/{name}.html"
    with open(source, "w", encoding="utf-8") as file:
        json.dump(report, file)
    status, _, errors = qdoc("report", source, "-o", page, "--force")
    if not check(status == 0, f"{name} is rendered: {errors[-500:]}"):
        finish("no page to look at")
    return page


def payloads():
    """A hundred ways to make text run, as a document could say them."""
    calls = ["alert(1)", "window.ran=1"]
    forms = [
        "<script>{}</script>", "</script><script>{}</script>", "<img src=x onerror={}>", "<img src=x onerror=\"{}\">", "<svg onload={}>",
        "<svg><script>{}</script></svg>", "<body onload={}>", "<iframe srcdoc='<script>{}</script>'></iframe>", "<a href=\"javascript:{}\" autofocus>x</a>",
        "\" autofocus onfocus=\"{}", "' autofocus onfocus='{}", "\"><script>{}</script>", "'><script>{}</script>", "</title><script>{}</script>",
        "</style><script>{}</script>", "--><script>{}</script>", "]]><script>{}</script>", "</textarea><script>{}</script>",
        "<details open ontoggle={}>", "<video><source onerror={}></video>", "<math><mtext><script>{}</script></mtext></math>",
        "<style>@import 'javascript:{}';</style>", "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<base href='javascript:{}//'>",
        "<object data='javascript:{}'></object>", "<embed src='javascript:{}'>", "<form><button formaction='javascript:{}'>x</button></form>",
        "<input autofocus onfocus={}>", "<marquee onstart={}>", "javascript:{}", "{{{{constructor.constructor('{}')()}}}}", "${{{}}}",
        "&lt;script&gt;{}&lt;/script&gt;", "&#60;script&#62;{}&#60;/script&#62;", "\\u003cscript\\u003e{}\\u003c/script\\u003e",
        "%3Cscript%3E{}%3C/script%3E", "<scr\u0000ipt>{}</scr\u0000ipt>", "<ScRiPt>{}</sCrIpT>", "<script\n>{}</script\n>", "<script/x>{}</script>",
        "\u2028<script>{}</script>", "\ufeff<script>{}</script>", "＜script＞{}＜/script＞", "<!--<img src=\"--><img src=x onerror={}>",
        "<template><script>{}</script></template>", "<noscript><p title=\"</noscript><img src=x onerror={}>\">", "<use href='data:image/svg+xml,<svg onload={}>'>",
        "<link rel=stylesheet href='data:text/css,*{{x:{}}}'>", "<portal src='javascript:{}'>", "{{{{style}}}}<script>{}</script>{{{{script}}}}",
    ]
    return [form.format(call) for call in calls for form in forms]


def hostile(report):
    """A report that says a payload wherever a document or a model has a say."""
    texts = payloads()
    check(len(set(texts)) == 100, f"{len(set(texts))} payloads, not 100")
    place = lambda text, row: {"source": 1, "page": 1, "box": [50, 20 + 7 * row, 200, 6], "text": text}
    figures = [{"label": text, "value": text, "unit": text, "scale": text, "period": text} for text in texts]
    report = json.loads(json.dumps(report))
    report["data"] = {
        "title": texts[1], "organisation": texts[9], "period": texts[10], "summary": texts[2], "keyFigures": figures,
        "tables": [{"title": text, "columns": [text, "b"], "rows": [[text, 1]]} for text in texts],
        "charts": [{"title": text, "kind": kind, "series": [{"name": text, "points": [{"x": text, "y": 3}, {"x": "b", "y": 1}]}]}
                   for text in texts[:30] for kind in ("bar", "line", "pie")],
        "findings": [{"text": text} for text in texts], **{text: text for text in texts if text.isprintable()},
    }
    pointers = ["/title", "/organisation"] + [f"/keyFigures/{n}/{name}" for n in range(100) for name in ("value", "label")] + [
        f"/tables/{n}/rows/0/0" for n in range(100)] + [f"/findings/{n}/text" for n in range(100)]
    report["evidence"] = [
        {"pointer": pointer, "value": texts[n % 100], "verdict": "ambiguous", "method": "text", "quote": texts[n % 100], "note": texts[n % 100],
         "places": [place(texts[n % 100], n % 100)]} for n, pointer in enumerate(pointers)]
    report["warnings"] = [{"code": "chart_not_read", "message": text} for text in texts]
    report["reasoning"] = [{"call": 1, "text": text} for text in texts]
    report["repairs"] = [{"kind": "code_fence", "note": text} for text in texts]
    report["run"]["model"] = f"openai/{texts[0]}"
    report["sources"][0]["path"] = texts[0]
    return report


def quiet(browser, page, what):
    noise = browser.noise(page)
    check(not noise, f"{what} is quiet: {noise[:3]}")


def accessible(browser, what):
    browser.run(AXE)
    found = browser.run("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary}`))")
    check(not found, f"{what} breaks {len(found)} rules of axe-core: {found[:4]}")


def keyboard(browser):
    """From the first key to a value, to its place, back, and on to a decision."""
    active = lambda: browser.run("document.activeElement.id || document.activeElement.className")
    browser.press("Tab")
    check(browser.run("document.activeElement.className") == "skip", "the first key leads to the way past everything")
    for _ in range(8):
        browser.press("Tab")
        if active() == "v0":
            break
    check(active() == "v0", f"a few keys lead to the first value, not to {active()}")
    check(browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid", "what has the focus shows it")
    browser.press("Enter")
    check(active() == "p0", f"Enter leads to its place, not to {active()}")
    browser.press("Enter")
    check(active() == "v0", "Enter leads back")
    browser.press("ArrowDown")
    check(active() == "v1", "an arrow leads to the next value")
    browser.press("Enter")
    browser.press("Escape")
    check(active() == "v1", "Escape leads back")
    seen = browser.run("(() => { const b = document.getElementById('p40'), v = document.getElementById('v40'); v.focus(); const r = b.getBoundingClientRect(), f = document.querySelector('.sheets').getBoundingClientRect(); return b.classList.contains('on') && r.top >= f.top && r.bottom <= f.bottom; })()")
    check(seen, "the place of a value is on the screen while the value has the focus")
    check("“" in browser.run("document.getElementById('detail-quote').textContent"), "its quote is told")


def review(browser):
    """Decisions go into a file."""
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)
    browser.run("document.getElementById('v0').focus(); document.querySelector('button[data-decision=accepted]').click(); document.getElementById('v2').focus(); document.getElementById('correction').value = '7'; document.querySelector('button[data-decision=corrected]').click(); document.getElementById('v3').focus(); document.querySelector('button[data-decision=rejected]').click(); document.querySelector('button[data-decision=rejected]').click(); document.getElementById('export').click()")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not any(name.endswith(".review.json") for name in os.listdir(folder)):
        browser.run("new Promise(done => setTimeout(done, 50))")
    names = [name for name in os.listdir(folder) if name.endswith(".review.json")]
    if check(names, "decisions are exported"):
        decided = json.load(open(f"{folder}/{names[0]}"))
        check([d["decision"] for d in decided["decisions"]] == ["accepted", "corrected"] and decided["decisions"][1]["correction"] == "7", f"the file holds what was decided: {decided}")
        with open(f"{folder}/report.json", encoding="utf-8") as file:
            report = json.load(file)
        report["run"]["id"] = decided["run"]
        with open(f"{folder}/reviewed.json", "w", encoding="utf-8") as file:
            json.dump(report, file)
        status, output, errors = qdoc("review", f"{folder}/reviewed.json", f"{folder}/{names[0]}")
        check(status in (0, 3) and output.startswith("1 accepted, 1 corrected, 0 rejected, "), f"qdoc review reads them: {output[:100]}{errors[:200]}")


document = sample("annual-report.pdf")
page = f"{folder}/report.html"
status, _, errors = qdoc("analyze", document, "-o", page)
if not check(status == 0, f"a page is written: {errors[-500:]}"):
    finish("no page to look at")
qdoc("analyze", document, "-o", f"{folder}/report.json")
browser = Browser()
try:
    for scheme in ("light", "dark"):
        for width in (1440, 390):
            browser.open(page, width=width, scheme=scheme)
            accessible(browser, f"the {scheme} page of {width} pixels")
            check(browser.run("document.documentElement.scrollWidth <= innerWidth"), f"{width} pixels are wide enough")
    browser.open(page)
    keyboard(browser)
    quiet(browser, page, "a report")
    review(browser)
    quiet(browser, page, "a review")
    # Even what got in would not run: the policy knows the page's own script alone.
    browser.run("(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=1\">'); })()")
    browser.run("new Promise(done => setTimeout(done, 100))")
    check(browser.run("window.ran") is None, "the policy stops a script that is not the page's own")
    pages = browser.call("Page.printToPDF")["data"]
    check(len(pages) > 50_000, "it prints")

    bad = render(hostile(json.load(open(f"{folder}/report.json"))), "hostile")
    browser.open(bad)
    browser.run("for (const value of document.querySelectorAll('a.v')) value.focus()")
    browser.run("new Promise(done => setTimeout(done, 300))")
    quiet(browser, bad, "hostile text")
    check(browser.run("window.ran") is None, "no payload ran")
    check(browser.run("document.querySelectorAll('script').length") == 1, "there is one script, the page's own")
    check(browser.run("[...document.querySelectorAll('*')].every(e => [...e.attributes].every(a => !a.name.startsWith('on') && (a.name !== 'href' || /^(#|data:image)/.test(a.value))))"), "no attribute runs anything")
    check(browser.run("document.querySelectorAll('iframe, object, embed, link, base, form, video, marquee').length") == 0, "no payload became an element")
    accessible(browser, "the hostile page")
finally:
    browser.close()
finish("a report's web page: 0 messages, 0 requests, 0 of 100 payloads ran, 0 violations of axe-core in 4 views and with hostile text")

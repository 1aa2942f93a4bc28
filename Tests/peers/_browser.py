"""A headless Chromium, spoken to by its DevTools protocol: loads a page and tells everything that it did."""
import json, os, shutil, subprocess, tempfile
from _qdoc import skip

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}


class Browser:
    def __init__(self):
        if not CHROMIUM:
            skip("Chromium is not installed")
        import websocket
        self.folder = tempfile.mkdtemp()
        # Its own sandbox needs namespaces that a container may not have; the only page is ours.
        self.process = subprocess.Popen(
            [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--remote-allow-origins=*",
             "--no-first-run", "--disable-background-networking", "--disable-component-update", f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        address = None
        for line in self.process.stderr:
            if "DevTools listening on " in line:
                address = line.split("DevTools listening on ")[1].strip()
                break
        if not address:
            skip("Chromium does not start here")
        self.socket = websocket.create_connection(address, timeout=60)
        self.count = 0
        self.session = None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.take(answer)

    def take(self, event):
        if event.get("method") == "Page.javascriptDialogOpening":
            self.count += 1
            self.socket.send(json.dumps({"id": self.count, "sessionId": self.session, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}))
        self.events.append(event)

    def open(self, path, width=1440, height=900, scheme="light"):
        """Loads a file, and forgets what was before."""
        self.events = []
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}])
        self.call("Page.navigate", url=f"file://{path}")
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.take(json.loads(self.socket.recv()))

    def run(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key], **text)

    def noise(self, path):
        """What a quiet page does not do: messages, exceptions, dialogs, requests for anything but itself and what it carries."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Page.javascriptDialogOpening", "Log.entryAdded"):
                found.append(f"{method}: {json.dumps(parameters)[:300]}")
            if method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if not url.startswith(("data:", "blob:")) and url.split("#")[0] != f"file://{path}":
                    found.append(f"request: {url[:200]}")
        return found

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

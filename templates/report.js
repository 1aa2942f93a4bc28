"use strict";
(() => {
  const values = [...document.querySelectorAll("a.v")];
  const detail = document.getElementById("detail");
  const field = (id) => document.getElementById(id);
  const decisions = new Map();
  let current = null;

  const places = (value) => [...document.querySelectorAll(`a[href="#${value.id}"]`)].filter((box) => box.closest("svg"));

  /** Marks a value and its places, and says what stands there. */
  function select(value) {
    for (const marked of document.querySelectorAll(".on")) marked.classList.remove("on");
    current = value;
    value.classList.add("on");
    const boxes = places(value);
    for (const box of boxes) box.classList.add("on");
    if (boxes.length && matchMedia("(min-width: 62.01rem)").matches) {
      const sheets = document.querySelector(".sheets");
      const rect = boxes[0].getBoundingClientRect();
      const frame = sheets.getBoundingClientRect();
      sheets.scrollTop += rect.top - frame.top - frame.height / 3;
    }
    detail.hidden = false;
    field("detail-value").textContent = `${value.dataset.name}: ${value.dataset.value}, ${value.dataset.verdict}`;
    const quote = value.dataset.quote ? `“${value.dataset.quote}”` : "";
    field("detail-quote").textContent = [quote, value.dataset.note].filter(Boolean).join(" ");
    const list = field("detail-places");
    list.replaceChildren();
    boxes.forEach((box, index) => {
      const link = document.createElement("a");
      link.href = `#${box.id}`;
      link.textContent = box.dataset.page + (boxes.length > 1 ? `, place ${index + 1}` : "");
      list.append(index ? " · " : "Stands on ", link);
    });
    show(decisions.get(value.dataset.pointer));
  }

  function show(decision) {
    for (const button of document.querySelectorAll("[data-decision]:not(a)")) {
      button.setAttribute("aria-pressed", String(button.dataset.decision === decision?.decision));
    }
    field("correction").value = decision?.correction ?? "";
  }

  /** A second press takes the decision back. */
  function decide(decision) {
    const pointer = current.dataset.pointer;
    const correction = field("correction").value;
    if (decision === "corrected" && !correction) return field("correction").focus();
    if (decisions.get(pointer)?.decision === decision && decision !== "corrected") {
      decisions.delete(pointer);
      current.classList.remove("decided");
      delete current.dataset.decision;
    } else {
      const entry = { pointer, value: JSON.parse(current.dataset.json), decision };
      if (decision === "corrected") entry.correction = correction;
      decisions.set(pointer, entry);
      current.classList.add("decided");
      current.dataset.decision = decision;
    }
    show(decisions.get(pointer));
    field("decided").textContent = `${decisions.size} of ${values.length} values decided.`;
  }

  function exportDecisions() {
    const review = {
      schema: "qdoc.review/1", run: document.body.dataset.run, decidedAt: new Date().toISOString(), decisions: [...decisions.values()],
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(review, null, 2) + "\n"], { type: "application/json" }));
    link.download = `${document.body.dataset.run}.review.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  values.forEach((value, index) => {
    value.addEventListener("focus", () => select(value));
    value.addEventListener("click", (event) => {
      event.preventDefault();
      value.focus();
      select(value);
      // A press of the Enter key goes to the place; a click of the mouse shows it beside the value.
      const [box] = places(value);
      if (box && (event.detail === 0 || !matchMedia("(min-width: 62.01rem)").matches)) box.focus();
    });
    value.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      values[index + step]?.focus();
    });
  });
  for (const box of document.querySelectorAll(".page svg a")) {
    const value = document.querySelector(box.getAttribute("href"));
    const back = (event) => {
      event.preventDefault();
      value.focus();
      value.scrollIntoView({ block: "center" });
    };
    box.addEventListener("click", back);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") back(event);
    });
  }
  detail.addEventListener("keydown", (event) => {
    if (event.key === "Escape") current.focus();
  });
  for (const button of document.querySelectorAll("button[data-decision]")) {
    button.addEventListener("click", () => decide(button.dataset.decision));
  }
  field("export").addEventListener("click", exportDecisions);
})();

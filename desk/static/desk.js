// What a keyboard gets more quickly, and parts of a case that are changed only while nobody is typing in them.
// Every page works without this file.
"use strict";
(() => {
  const OFF = "desk-keys-off";
  const links = () => [...document.querySelectorAll("a.todo, a.card, a.row-link")].filter((one) => one.offsetParent);
  const typing = (where) => where.matches("input, select, textarea, [contenteditable]");
  let before = "";

  const byKey = (keys) => document.querySelector(`[data-keys="${keys}"]`);

  // The cases of the board or list that one came from, so that j and k go on from case to case.
  const CAME = "desk-cases";
  const cases = () => [...new Set(links().map((one) => new URL(one.href).pathname))].filter((path) => path.startsWith("/cases/"));
  const here = location.pathname;
  if (!here.startsWith("/cases/")) addEventListener("pagehide", () => sessionStorage.setItem(CAME, JSON.stringify(cases())));

  function step(forward) {
    if (here.startsWith("/cases/")) {
      const all = JSON.parse(sessionStorage.getItem(CAME) || "[]");
      const place = all.indexOf(here);
      const next = place < 0 ? undefined : all[place + (forward ? 1 : -1)];
      if (next) location.href = next;
      return;
    }
    const all = links();
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (forward ? 0 : all.length - 1) : at + (forward ? 1 : -1)];
    if (next) next.focus();
  }

  function pressed(event) {
    const form = event.target.closest && event.target.closest("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      const box = event.target.closest("details"); // a form may have several parts, each with its own button
      if (form.dataset.parts !== undefined && !form.contains(box)) return;
      return form.requestSubmit((form.contains(box) && box.querySelector("button:not([type=button])")) || null);
    }
    const inText = typing(event.target) && !event.target.matches("[type=checkbox], [type=radio]"); // a tick is not typed into
    if (event.ctrlKey || event.metaKey || event.altKey || inText || localStorage.getItem(OFF)) return;
    const keys = before + event.key;
    before = event.key === "g" ? "g" : "";
    const wanted = byKey(keys) || byKey(event.key);
    if (wanted && wanted.tagName === "INPUT") wanted.focus();
    else if (wanted && wanted.tagName === "DIALOG") wanted.showModal();
    else if (wanted && wanted.tagName === "SUMMARY") openPart(wanted.parentElement);
    else if (wanted) wanted.click();
    else if (event.key === "j" || event.key === "k") step(event.key === "j");
    else if (event.key === "x" && document.activeElement.closest("tr")?.querySelector("[name=number]")) document.activeElement.closest("tr").querySelector("[name=number]").click();
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", pressed);

  const tick = document.getElementById("keys-on");
  if (tick) {
    tick.checked = !localStorage.getItem(OFF);
    tick.addEventListener("change", () =>
      tick.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")
    );
  }
  // All rows of a page at once; drawn anew with them.
  function allRows() {
    const all = document.getElementById("all-rows");
    if (!all) return;
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const one of onPage()) one.checked = all.checked;
      remember();
    });
  }
  // What is ticked stays so from page to page of one list, and is sent from whichever page one is on.
  const TICKED = "desk-ticked", elsewhere = document.getElementById("elsewhere");
  const onPage = () => [...document.querySelectorAll("#rows input[name=number]")];
  function ticked() {
    const kept = JSON.parse(sessionStorage.getItem(TICKED) || "{}");
    return new Set(kept.list === elsewhere.dataset.list ? kept.numbers : []);
  }
  function keepTicked(numbers) {
    sessionStorage.setItem(TICKED, JSON.stringify({ list: elsewhere.dataset.list, numbers: [...numbers] }));
  }
  function remember() {
    const numbers = ticked();
    for (const one of onPage()) one.checked ? numbers.add(one.value) : numbers.delete(one.value);
    keepTicked(numbers);
  }
  function tickAgain() {
    if (!elsewhere) return;
    const numbers = ticked(), here = onPage();
    for (const one of here) if (numbers.delete(one.value)) one.checked = true;
    elsewhere.hidden = !numbers.size;
    const hidden = [...numbers].map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "number", value }));
    elsewhere.querySelector("span").replaceChildren(elsewhere.dataset.said.replace("{n}", numbers.size), ...hidden);
  }
  if (elsewhere) {
    document.addEventListener("change", (event) => event.target.name === "number" && remember());
    elsewhere.querySelector("button").addEventListener("click", () => {
      keepTicked(onPage().filter((one) => one.checked).map((one) => one.value));
      tickAgain();
    });
    elsewhere.closest("form").addEventListener("submit", (event) => {
      if (!event.submitter || !event.submitter.formAction.endsWith("/export")) sessionStorage.removeItem(TICKED);
    });
  }
  for (const draw of [allRows, tickAgain]) {
    draw();
    document.addEventListener("htmx:afterSwap", draw);
  }

  const open = document.getElementById("keys-open");
  if (open) open.addEventListener("click", () => document.getElementById("keys").showModal());

  const small = matchMedia("(max-width: 760px)"); // as the sheet has it
  // An act's form is opened where it stands, with whatever it is in, and its first field has the cursor.
  function openPart(part, field) {
    for (let box = part.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const first = field || part.querySelector("[data-first]") || part.querySelector("input:not([type=hidden]), select, textarea, button");
    part.scrollIntoView({ block: small.matches ? "start" : "nearest" });
    (first || part.querySelector("summary")).focus({ preventScroll: true });
  }
  document.addEventListener("desk:open", (event) => openPart(event.target.parentElement));
  // A letter led to this very form, or its words came back. What an address names takes the cursor away while it loads.
  const wantedPart = document.querySelector("[data-wanted]")?.closest("details");
  const openWanted = () => wantedPart && !typing(document.activeElement) && openPart(wantedPart);
  openWanted();
  addEventListener("load", () => requestAnimationFrame(openWanted));
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[data-opens]");
    const part = link && document.getElementById(link.dataset.opens);
    if (link && link.parentElement.closest("details")) link.parentElement.closest("details").open = false;
    if (!part) return;
    event.preventDefault();
    openPart(part, document.getElementById(link.dataset.field || ""));
  });

  // The list of the other acts closes when one goes on elsewhere; on a telephone the facts begin folded.
  document.addEventListener("click", (event) => {
    for (const one of document.querySelectorAll(".act-bar details[open]")) if (!one.contains(event.target)) one.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Escape" && document.querySelector(".act-bar details[open]");
    if (!list) return;
    list.open = false;
    list.querySelector("summary").focus();
  });
  function fold() {
    if (small.matches) for (const one of document.querySelectorAll("details[data-folds]")) one.open = false;
  }
  fold();
  document.addEventListener("htmx:oobAfterSwap", (event) => event.target.id === "facts" && fold());

  // A text block goes to where the cursor is, after what is written there already.
  document.addEventListener("click", (event) => {
    const block = event.target.closest && event.target.closest("a[data-insert]");
    const into = block && document.getElementById(block.dataset.into);
    if (!into) return;
    event.preventDefault();
    const at = into.selectionEnd, before = into.value.slice(0, at), gap = before && !before.endsWith("\n") ? "\n\n" : "";
    into.setRangeText(gap + block.dataset.insert, at, at, "end");
    block.closest("details").open = false;
    into.focus();
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // How long what was sent can still be taken back.
  setInterval(() => {
    for (const one of document.querySelectorAll("[data-until]")) {
      const left = Math.ceil((Date.parse(one.dataset.until) - Date.now()) / 1000);
      one.textContent = left > 0 && left < 3600 ? `· ${one.dataset.seconds.replace("{n}", left)}` : "";
    }
  }, 1000);

  // What is typed into an act's form is kept on the server; leaving with words that are not sent asks.
  const typed = new Map();
  const underWay = new Map();
  let sending = false;
  document.addEventListener("htmx:beforeOnLoad", (event) => {  // the session ended: unsent.js has what was typed
    if ((event.detail.xhr.getResponseHeader("HX-Redirect") || "").startsWith("/sign-in")) sending = true;
  });
  function keep(form, keepalive = false) {
    clearTimeout(typed.get(form));
    typed.set(form, null);
    const body = new URLSearchParams(new FormData(form)), stop = new AbortController();
    body.delete("files"); // a draft has words, and the ticks of files that are with us already
    underWay.set(form, stop); // a draft must not come in after what it became was sent
    const kept = fetch(form.dataset.draft, { method: "POST", body, keepalive, signal: stop.signal, redirect: "manual" });
    const said = form.parentElement.querySelector(".draft");
    const tell = (saved) => { said.textContent = saved ? said.dataset.saved : said.dataset.unsaved; };
    kept.then((answer) => tell(answer.status === 204), (error) => error.name === "AbortError" || tell(false));
  }
  document.addEventListener("input", (event) => {
    const form = event.target.closest && event.target.closest("form[data-draft]");
    if (!form) return;
    clearTimeout(typed.get(form));
    typed.set(form, setTimeout(() => keep(form), 700));
  });
  function flush(but) {
    for (const [form, waits] of typed) if (waits && form !== but) keep(form, true);
  }
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post" || (event.submitter && event.submitter.formTarget === "_blank")) return;
    underWay.get(event.target)?.abort();
    clearTimeout(typed.get(event.target));
    typed.delete(event.target);
    flush(event.target);
    sending = true; // the page of the case comes back, with what else was typed on it
  });
  addEventListener("beforeunload", (event) => {
    if (sending) return;
    flush();
    const words = [...typed.keys()].some((form) =>
      [...form.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue)
    );
    if (words) event.preventDefault();
  });
  addEventListener("pageshow", () => (sending = false));

  // A picture of the screen is pasted where one writes, and files are dropped on the form: as if they had been chosen.
  function attach(event, given) {
    const field = given && given.files.length && event.target.closest && event.target.closest("form")?.querySelector("input[type=file][data-most]");
    if (!field) return;
    event.preventDefault();
    const all = new DataTransfer();
    for (const one of [...field.files, ...given.files]) all.items.add(one);
    field.files = all.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData?.types.includes("text/plain")) attach(event, event.clipboardData); // what Word copies is words and a picture of them
  });
  document.addEventListener("drop", (event) => attach(event, event.dataTransfer));
  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files") && event.target.closest?.("form")?.querySelector("input[type=file][data-most]")) event.preventDefault();
  });

  // Files as they are chosen: by name and size, and refused here before anything is sent where they are too many.
  document.addEventListener("change", (event) => {
    const field = event.target.closest && event.target.closest("input[type=file][data-most]");
    if (!field) return;
    const files = [...field.files], kept = field.form.querySelectorAll("input[name=kept]:checked").length;
    const bytes = files.reduce((sum, one) => sum + one.size, 0);
    const most = Number(field.dataset.most) - kept, largest = Number(field.dataset.largest);
    field.setCustomValidity(files.length > most || bytes > largest ? field.dataset.tooMuch : "");
    if (!field.validity.valid) field.reportValidity();
    const size = (n) => (n < 1e6 ? `${Math.max(1, Math.round(n / 1e3))} kB` : `${(n / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`);
    field.closest(".files-field").querySelector(".chosen").replaceChildren(
      ...files.map((one) => Object.assign(document.createElement("li"), { textContent: `${one.name} · ${size(one.size)}` }))
    );
  });

  // The acts of a case are drawn anew when another person has acted, but never under somebody's hands.
  function touched(part) {
    if (part.contains(document.activeElement) && typing(document.activeElement)) return true;
    return [...part.querySelectorAll("input, textarea, select")].some((field) =>
      field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked
        : field.tagName === "SELECT"
          ? [...field.options].some((one) => one.selected !== one.defaultSelected && (one.defaultSelected || one.index))
          : field.type !== "hidden" && field.value !== field.defaultValue
    );
  }
  for (const swap of ["htmx:oobBeforeSwap", "htmx:beforeSwap"])
    document.addEventListener(swap, (event) => {
      const part = event.detail.target;
      if (part && part.dataset.untouched !== undefined && touched(part)) event.detail.shouldSwap = false;
    });
})();

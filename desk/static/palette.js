// Ctrl+K: pages, the acts of the case that is open, and any case by whatever one remembers of it.
// Also @: colleagues while an internal note is written; and / at the beginning of a line of a reply: text blocks. All are
// lists that arrows and Enter choose from.
"use strict";
(() => {
  // A list below a field: `choose` gets the chosen line.
  function listFor(field, list, choose) {
    let at = -1;
    const lines = () => [...list.children].filter((one) => !one.hidden);
    function show(next) {
      const all = lines();
      at = all.length ? (next + all.length) % all.length : -1;
      all.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
      if (at < 0) return field.removeAttribute("aria-activedescendant");
      field.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    }
    field.addEventListener("keydown", (event) => {
      if (list.hidden || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown") show(at + 1);
      else if (event.key === "ArrowUp") show(at - 1);
      else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) choose(lines()[at]);
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      const line = event.target.closest("[role=option]");
      event.preventDefault();
      if (line) choose(line);
    });
    return show;
  }

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const dialog = document.getElementById("palette");

  if (dialog) {
    const field = dialog.querySelector("input");
    const list = dialog.querySelector("ul");
    let asked = 0;
    let waiting = 0;
    const show = listFor(field, list, go);

    function line(text, id, on) {
      const one = document.createElement("li");
      one.setAttribute("role", "option");
      one.id = id;
      one.textContent = text;
      one.go = on;
      return one;
    }
    function go(one) {
      dialog.close();
      if (one.dataset.href) location.href = one.dataset.href;
      else one.go();
    }
    // What is on the page already: where one may go, and what may be done with this case.
    function known() {
      const pages = [...document.querySelectorAll(".top a[href], #palette-pages a[href]")].map((link) => [link.textContent.trim(), () => link.click()]);
      const acts = [...document.querySelectorAll("details.act > summary, details.reply > summary")].map((summary) => [
        summary.textContent.trim(),
        () => summary.dispatchEvent(new CustomEvent("desk:open", { bubbles: true })),
      ]);
      return [...acts, ...pages].filter(([text]) => text);
    }
    const none = document.getElementById("palette-none");
    function draw(found) {
      const words = plain(field.value.trim()).split(/\s+/);
      const fitting = known().filter(([text]) => words.every((word) => plain(text).includes(word)));
      list.replaceChildren(...fitting.map(([text, on], place) => line(text, `palette-${place}`, on)));
      if (found) list.insertAdjacentHTML("beforeend", found);
      none.hidden = found === undefined || list.children.length > 0; // said once everything has been asked
      show(0);
    }
    async function find() {
      const mine = ++asked;
      const answer = await fetch(`/palette?q=${encodeURIComponent(field.value.trim())}`, { headers: { "HX-Request": "true" } });
      if (mine === asked && answer.ok && !answer.headers.get("HX-Redirect")) draw(await answer.text());
    }
    field.addEventListener("input", () => {
      const more = field.value.trim().length > 1;
      draw(more ? undefined : "");
      clearTimeout(waiting);
      asked++;
      if (more) waiting = setTimeout(find, 150);
    });
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      if (document.querySelector("dialog[open]")) return;
      field.value = "";
      draw("");
      dialog.showModal();
    });
  }

  // -- lists in a text: colleagues after @ in a note, text blocks after / where a line begins ------------------------
  // `options` gives the lines for what is typed after the sign; `put` what stands in the sign's place then.
  function offer(field, sign, label, options, put) {
    if (field.dataset.offers) return;
    field.dataset.offers = "1";
    const list = document.createElement("ul");
    list.className = "called";
    list.id = `${field.id}-called`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
    list.hidden = true;
    field.after(list);
    field.setAttribute("aria-controls", list.id);
    const show = listFor(field, list, (one) => {
      const before = field.value.slice(0, field.selectionStart).replace(sign, (_, kept) => kept + put(one));
      field.value = before + field.value.slice(field.selectionStart);
      field.setSelectionRange(before.length, before.length);
      list.hidden = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", () => {
      const typed = sign.exec(field.value.slice(0, field.selectionStart));
      const fitting = typed ? options(plain(typed[2])).slice(0, 6) : [];
      list.replaceChildren(...fitting);
      list.hidden = !fitting.length;
      show(0);
    });
    field.addEventListener("blur", () => { list.hidden = true; });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) { list.hidden = true; event.preventDefault(); }
    });
  }
  function option(id, text, data) {
    const one = document.createElement("li");
    one.setAttribute("role", "option");
    one.id = id;
    one.textContent = text;
    Object.assign(one.dataset, data);
    return one;
  }
  const colleagues = document.getElementById("colleagues");
  document.addEventListener("focusin", (event) => {
    const field = event.target, blocks = field.tagName === "TEXTAREA" && field.form?.querySelector(".blocks");
    if (field.dataset?.mentions && colleagues) {
      const fitting = (wanted) => [...colleagues.content.children].filter((one) => plain(`${one.dataset.account} ${one.textContent}`).includes(wanted));
      offer(field, /(^|[^\w.@+-])@([a-z0-9._+-]*)$/i, colleagues.dataset.label, (wanted) => fitting(wanted).map((one) => one.cloneNode(true)), (one) => `@${one.dataset.account} `);
    } else if (blocks) {
      const all = () => [...blocks.querySelectorAll("a[data-insert]")].map((link, place) => option(`block-${place}`, link.textContent, { insert: link.dataset.insert }));
      offer(field, /(^|\n)\/([^\n/]{0,30})$/, blocks.querySelector("summary").textContent, (wanted) => all().filter((one) => plain(one.textContent).includes(wanted)), (one) => one.dataset.insert);
    }
  });
})();

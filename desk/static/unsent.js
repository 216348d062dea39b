// What was typed and not taken, because the session had ended or the desk could not: kept in this tab alone until the
// same person opens its form again, then put back into it. Nothing is sent by it. Passwords, codes and chosen files are
// not kept; signing out keeps nothing.
"use strict";
(() => {
  const KEPT = "desk-unsent";
  const account = document.body.dataset.account;
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  const hidden = ["form_token", "event_id", "seen", "arrival"];
  let signingOut = false;
  let sent = null; // refused before, it has as its defaults what was typed

  const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
  function changed(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected && (one.defaultSelected || one.index));
    return field.type === "file" ? field.files.length > 0 : field.value !== field.defaultValue;
  }
  function typedInto(form) {
    if (form.querySelector("[type=password], [autocomplete=one-time-code]")) return null;
    if (!fieldsOf(form).some((field) => (form === sent ? field.value : changed(field)))) return null;
    const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.includes(name));
    return { action: form.getAttribute("action"), values, files: !!form.querySelector("[type=file]")?.files.length };
  }
  // Where the form stands: after a refusal beside it, the address is that of the form.
  function page() {
    const [, room, one] = location.pathname.split("/");
    const whole = ["cases", "quarantine", "reviews"].includes(room) || (room === "settings" && one === "rules");
    return whole && one ? `/${room}/${one}` : `/${room}${location.search}`;
  }
  if (account) addEventListener("pagehide", () => {
    const forms = signingOut ? [] : [...document.querySelectorAll("main form[method=post]")].map(typedInto).filter(Boolean);
    if (forms.length) sessionStorage.setItem(KEPT, JSON.stringify({ account, page: page(), forms }));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") signingOut = true;
    sent = event.target;
  });

  // A door or a refusal, which the desk showed instead of what was sent: say that nothing is lost, and lead back.
  const said = document.getElementById("typed-is-kept");
  if (said) {
    if (!kept) return;
    sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, waits: true }));
    said.hidden = false;
    const back = said.querySelector("a");
    if (back) back.href = kept.page;
    document.getElementById("was-not-kept")?.remove();
    return;
  }

  // Every other page forgets it: what was typed was sent, or left on purpose.
  if (!account) return;
  sessionStorage.removeItem(KEPT);
  if (!kept || !kept.waits || kept.account !== account) return;
  let first = null;
  for (const { action, values, files } of kept.forms) {
    const form = [...document.querySelectorAll("main form[method=post]")].find((one) => one.getAttribute("action") === action);
    if (!form) continue;
    const names = new Set(values.map(([name]) => name));
    for (const field of fieldsOf(form)) {
      const said = values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = said.includes(field.value);
      else if (names.has(field.name)) field.value = said[0];
    }
    for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.setAttribute("role", "status");
    hint.textContent = document.body.dataset.back + (files ? ` ${document.body.dataset.filesAgain}` : "");
    form.prepend(hint);
    fieldsOf(form)[0]?.dispatchEvent(new Event("input", { bubbles: true }));
    first = first || form;
  }
  first?.scrollIntoView({ block: "center" });
})();

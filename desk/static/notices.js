// What is new in the reader's own cases, told by the browser while any page of the desk is open. No push service:
// nothing leaves this machine, and a closed desk tells nothing.
"use strict";
(() => {
  const ON = "desk-notices-on";
  const TOLD = "desk-notices-told";
  const EVERY = 30_000;
  const button = document.getElementById("notices");
  if (!button || !("Notification" in window) || !window.isSecureContext) return;
  button.hidden = false;

  const isOn = () => localStorage.getItem(ON) === "1" && Notification.permission === "granted";
  const said = () => { button.textContent = isOn() ? button.dataset.off : button.dataset.on; };

  // Several pages may be open: whoever asks first in a turn tells, and the others find it told.
  async function ask(tellAll) {
    if (!isOn()) return;
    const answer = await fetch("/notices?poll=1", { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer || !answer.ok || answer.headers.get("HX-Redirect") || answer.redirected) return;
    const news = await answer.json();
    const told = new Set(JSON.parse(localStorage.getItem(TOLD) || "[]"));
    localStorage.setItem(TOLD, JSON.stringify(news.map((one) => one.key)));
    for (const one of tellAll ? news : []) {
      if (told.has(one.key)) continue;
      const notice = new Notification(one.title, { body: one.body, tag: one.key });
      notice.addEventListener("click", () => { window.focus(); location.href = one.href; });
    }
  }

  button.addEventListener("click", async () => {
    if (isOn()) localStorage.removeItem(ON);
    else if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(ON, "1");
      await ask(false); // what waits already stands on the board
    }
    said();
  });
  said();
  ask(true);
  setInterval(() => ask(true), EVERY);
})();

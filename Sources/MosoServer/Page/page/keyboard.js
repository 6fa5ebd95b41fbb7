// The keys that work everywhere on the page, and the list of all of them.

import { element } from "./dom.js";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);
const control = isApple ? "⌘" : "Ctrl";

const list = [
  [["Enter"], "Send the message"],
  [["Shift", "Enter"], "Begin a new line"],
  [["Esc"], "Stop the answer"],
  [["↑"], "In an empty field: edit your last message"],
  [[control, "K"], "Search the conversations"],
  [[control, "Shift", "O"], "New conversation"],
  [[control, ","], "Settings"],
  [[control, "/"], "This list"],
  [["F2"], "In the list: rename"],
  [["Delete"], "In the list: delete, which can be undone"],
];

// `actions`: search(), create(), settings(), help(), leave().
export function listenToKeys(actions) {
  for (const [keys, meaning] of list) {
    const shown = keys.flatMap((key, place) => (place > 0 ? [" ", element("kbd", {}, key)] : [element("kbd", {}, key)]));
    document.querySelector("#keys").append(element("div", {}, element("dt", {}, ...shown), element("dd", {}, meaning)));
  }
  document.querySelector(".shortcut").textContent = isApple ? "⌘K" : "Ctrl K";
  document.addEventListener("keydown", (event) => {
    const hasControl = isApple ? event.metaKey : event.ctrlKey;
    const isInDialog = document.querySelector("dialog[open]") !== null;
    const key = event.key.toLowerCase();
    // The browser closes an open menu by this key.
    const isInMenu = document.querySelector(":popover-open") !== null;
    if (key === "escape" && !isInDialog && !isInMenu && !event.isComposing) return actions.leave();
    if (!hasControl || event.altKey || isInDialog) return;
    if (key === "k" && !event.shiftKey) actions.search();
    else if (key === "o" && event.shiftKey) actions.create();
    else if (key === ",") actions.settings();
    else if (key === "/") actions.help();
    else return;
    event.preventDefault();
  });
}

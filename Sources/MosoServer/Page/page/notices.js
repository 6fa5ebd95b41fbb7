// Short notices: at the foot of the page, above the messages, and for screen readers.

import { element } from "./dom.js";

const toast = document.querySelector("#toast");
const longestSpoken = 1500;
let timer = 0;

// Shows a sentence for a while, with a button that takes back what it tells of.
export function notify(text, label = null, action = null) {
  clearTimeout(timer);
  const hide = () => {
    toast.hidden = true;
  };
  const undo = element("button", { type: "button", class: "text-button" }, label ?? "");
  undo.addEventListener("click", () => {
    hide();
    action();
  });
  toast.replaceChildren(element("span", {}, text), ...(label ? [undo] : []));
  toast.hidden = false;
  timer = setTimeout(hide, label ? 10_000 : 4000);
}

// Says something to screen readers once; a running answer would be read out in pieces.
export function speak(text) {
  document.querySelector("#spoken").textContent = text.slice(0, longestSpoken);
}

// Above the messages, until `text` is null: what is wrong with the server, and a button for it.
export function showServerNotice(text, label, action) {
  const place = document.querySelector("#server-notice");
  place.hidden = text === null;
  if (text === null) return place.replaceChildren();
  place.replaceChildren(
    element("span", {}, text),
    element("button", { type: "button", on: { click: action } }, label),
  );
}

// Makes elements. Everything the page shows is made here, from names and text: nothing is ever parsed as HTML, and no
// style or event attribute is set, so the page lives with the strictest content-security policy.

const drawings = {
  add: "M12 5v14M5 12h14",
  back: "M14.5 6 8.5 12l6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10v10H9zM15 9V5H5v10h4",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  export: "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14",
  forward: "M9.5 6l6 6-6 6",
  help: "M9.3 9.2a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.1-1.5 2.2M12 17.2v.1",
  import: "M12 15V4M7.5 8.5 12 4l4.5 4.5M5 19.5h14",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h15",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  redo: "M19 5v5h-5M18.6 10a7 7 0 1 0 .4 4.5",
  remove: "M5 7h14M10 7V4.5h4V7M7 7l.8 12h8.4L17 7M10.3 10.5v5M13.7 10.5v5",
  search: "M10.5 5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M14.7 14.7 19.5 19.5",
  send: "M12 19V5M6 11l6-6 6 6",
  settings: "M4 8h9M17 8h3M4 16h3M11 16h9M13 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 16a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  stop: "M8 8h8v8H8z",
  unfold: "M7 10l5 5 5-5",
};

// An element with attributes (absent where the value is null, undefined or false), listeners (`on`) and children.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? "" : String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// A line drawing of 24 units, in the colour of the text around it.
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", drawings[name]);
  drawing.append(line);
  return drawing;
}

// A button that shows only a drawing; the label is for screen readers and for the pointer that rests on it.
export function iconButton(name, label, action, attributes = {}) {
  return element(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: action }, ...attributes },
    icon(name),
  );
}

// Puts drawings into the buttons that index.html only names, by `data-icon`.
export function drawIcons(root) {
  for (const place of root.querySelectorAll("[data-icon]")) place.prepend(icon(place.dataset.icon));
}

// Copies text; the button shows for a moment that it worked. Without HTTPS a browser may have no clipboard interface
// except on localhost; then a selection is copied the old way.
export async function copyFrom(button, text) {
  let copied = false;
  try {
    await navigator.clipboard.writeText(text);
    copied = true;
  } catch {
    const field = element("textarea", { class: "off-screen", "aria-hidden": "true", readonly: true });
    field.value = text;
    document.body.append(field);
    field.select();
    copied = document.execCommand("copy");
    field.remove();
    button.focus();
  }
  const shown = button.querySelector(".icon");
  if (!shown || !copied || shown.classList.contains("icon-check")) return copied;
  const done = icon("check");
  shown.replaceWith(done);
  setTimeout(() => done.replaceWith(shown), 1400);
  return copied;
}

// Offers text to be saved as a file.
export function offerFile(name, text, type = "application/json") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

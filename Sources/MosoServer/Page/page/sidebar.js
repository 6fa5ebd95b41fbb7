// The list of conversations: by day, searched, renamed in place.

import { element, iconButton } from "./dom.js";
import { longDate } from "./days.js";

export class Sidebar {
  #root;
  #search;
  #menu;
  #actions;
  #conversations = [];
  #current = null;
  #isRunning = () => false;
  #menuFor = null;
  #renaming = null;

  // `actions`: open(id), rename(id, title), export(id), remove(id).
  constructor(root, search, menu, actions) {
    this.#root = root;
    this.#search = search;
    this.#menu = menu;
    this.#actions = actions;
    search.addEventListener("input", () => this.#draw());
    search.addEventListener("keydown", (event) => {
      const first = this.#links[0];
      if (event.key === "Enter" && first) first.click();
      else if (event.key === "ArrowDown") first?.focus();
      else if (event.key === "Escape" && search.value !== "") {
        search.value = "";
        this.#draw();
        event.stopPropagation();
      } else return;
      event.preventDefault();
    });
    root.addEventListener("keydown", (event) => this.#moveFocus(event));
    menu.addEventListener("click", (event) => {
      const action = event.target.closest("[data-action]")?.dataset.action;
      if (action) this.#choose(action);
    });
    menu.addEventListener("keydown", (event) => this.#moveInMenu(event));
    // The button to which the menu gives the focus back is gone where the list was drawn anew meanwhile.
    menu.addEventListener("toggle", ({ newState }) => {
      const { activeElement, body } = document;
      const isLost = activeElement === body || menu.contains(activeElement);
      if (newState === "closed" && isLost) this.#focusButton(this.#menuFor);
    });
    // Has the focus when the last conversation that had it is gone.
    root.tabIndex = -1;
  }

  show(conversations, current, isRunning) {
    this.#conversations = conversations;
    this.#current = current;
    this.#isRunning = isRunning;
    if (this.#renaming === null) this.#draw();
  }

  get #links() {
    return [...this.#root.querySelectorAll("a")];
  }

  #draw() {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#conversations.filter((conversation) => matches(conversation, wanted));
    const { activeElement } = document;
    const focused = activeElement?.closest("#conversations li")?.dataset.id;
    const place = this.#links.findIndex((link) => link.closest("li").dataset.id === focused);
    const nodes = [];
    let day = null;
    let list = null;
    for (const conversation of found) {
      if (longDate(conversation.updated) !== day) {
        day = longDate(conversation.updated);
        list = element("ul", { "aria-label": day });
        nodes.push(element("h2", {}, day), list);
      }
      list.append(this.#item(conversation));
    }
    if (found.length === 0) {
      nodes.push(element("p", { class: "hint" }, wanted === "" ? "No conversations yet." : "Nothing found."));
    }
    this.#root.replaceChildren(...nodes);
    if (!focused) return;
    if (activeElement.matches("button") && this.#find(focused)) this.#focusButton(focused);
    // Where it is gone, its neighbour has the focus.
    else (this.#find(focused)?.querySelector("a") ?? this.#links[place] ?? this.#links.at(-1) ?? this.#root).focus();
  }

  #focusButton(id) {
    this.#find(id)?.querySelector("button").focus();
  }

  #find(id) {
    return [...this.#root.querySelectorAll("li")].find((item) => item.dataset.id === id);
  }

  #item(conversation) {
    const { id, title } = conversation;
    const isCurrent = id === this.#current;
    const link = element("a", { href: `#${id}`, "aria-current": isCurrent ? "page" : null, title }, title || "Untitled");
    link.addEventListener("dblclick", () => this.#rename(id));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#actions.open(id);
    });
    if (this.#isRunning(id)) link.prepend(element("span", { class: "pulse", role: "img", "aria-label": "Answering" }));
    const more = iconButton("more", `More for ${title}`, () => this.#openMenu(id, more), { "aria-haspopup": "menu" });
    return element("li", { "data-id": id }, link, more);
  }

  #openMenu(id, button) {
    this.#menuFor = id;
    // Not every browser gives the focus to a button that is pressed; the menu gives it back to what had it.
    button.focus();
    this.#menu.showPopover();
    const at = button.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#menu;
    this.#menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - offsetWidth - 8))}px`;
    this.#menu.style.top = `${Math.min(at.bottom + 4, innerHeight - offsetHeight - 8)}px`;
    this.#menu.querySelector("button").focus();
  }

  #choose(action) {
    const id = this.#menuFor;
    this.#menu.hidePopover();
    this.#focusButton(id);
    if (action === "rename") this.#rename(id);
    if (action === "export") this.#actions.export(id);
    if (action === "delete") this.#actions.remove(id);
  }

  // Puts a field in the place of the title. Enter and leaving it keep the new title, Escape the old one.
  #rename(id) {
    const link = this.#find(id)?.querySelector("a");
    if (!link) return;
    const title = this.#conversations.find((conversation) => conversation.id === id)?.title ?? "";
    const field = element("input", { "aria-label": "Title", class: "rename", maxlength: "200", value: title });
    this.#renaming = id;
    const end = (keeps) => {
      if (this.#renaming !== id) return;
      this.#renaming = null;
      if (keeps && field.value.trim() !== "") this.#actions.rename(id, field.value.trim());
      this.#draw();
      this.#find(id)?.querySelector("a")?.focus();
    };
    field.addEventListener("blur", () => end(true));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) end(true);
      else if (event.key === "Escape") end(false);
      else return;
      event.stopPropagation();
    });
    link.replaceWith(field);
    field.select();
  }

  #moveFocus(event) {
    const link = event.target.closest("a");
    if (!link) return;
    const links = this.#links;
    const at = links.indexOf(link);
    const id = link.closest("li").dataset.id;
    if (event.key === "ArrowDown") links[at + 1]?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? this.#search).focus();
    else if (event.key === "F2") this.#rename(id);
    else if (event.key === "Delete") this.#actions.remove(id);
    else return;
    event.preventDefault();
  }

  #moveInMenu(event) {
    const buttons = [...this.#menu.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  }
}

// Whether every word that is searched for is in the title or in a message.
function matches(conversation, wanted) {
  if (wanted === "") return true;
  const texts = [conversation.title, ...conversation.messages.map(({ text }) => text)].map((text) => text.toLowerCase());
  return wanted.split(/\s+/).every((word) => texts.some((text) => text.includes(word)));
}

// The field in which one writes. What is typed is kept with every letter, for each conversation on its own.

import { draft, setDraft } from "./preferences.js";

export class Composer {
  #field;
  #send;
  #stop;
  #actions;
  #place = null;
  #isRunning = false;

  // `actions`: stop(), editLast(), and send(text), which gives null where it does not take the text, and else whether the
  // text is kept, once it is.
  constructor(field, send, stop, actions) {
    this.#field = field;
    this.#send = send;
    this.#stop = stop;
    this.#actions = actions;
    field.addEventListener("input", () => {
      setDraft(this.#place, field.value);
      this.#update();
    });
    field.addEventListener("keydown", (event) => this.#pressed(event));
    send.addEventListener("click", () => this.#submit());
    stop.addEventListener("click", () => actions.stop());
  }

  // Goes over to another conversation, by its id.
  show(place) {
    if (this.#place !== place) {
      this.#place = place;
      this.#field.value = draft(place);
    }
    this.#update();
  }

  set isRunning(value) {
    const hadFocus = [this.#send, this.#stop].includes(document.activeElement);
    this.#isRunning = value;
    this.#update();
    if (hadFocus) this.#field.focus();
  }

  // On a touch screen the focus would call up the keyboard, which is the user's to do.
  focus() {
    if (!matchMedia("(pointer: coarse)").matches) this.#field.focus();
  }

  // Puts a text into the field, if nothing else is there.
  suggest(text) {
    if (this.#field.value.trim() === "") {
      this.#field.value = text;
      setDraft(this.#place, text);
      this.#update();
    }
    this.#field.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  #pressed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "ArrowUp" && this.#field.value === "" && this.#actions.editLast()) {
      event.preventDefault();
    }
  }

  #submit() {
    const text = this.#field.value;
    const place = this.#place;
    if (text.trim() === "" || this.#isRunning) return;
    const sent = this.#actions.send(text);
    if (sent === null) return;
    this.#field.value = "";
    this.#update();
    sent.then((isKept) => {
      if (isKept && draft(place) === text) setDraft(place, null);
    });
  }

  #update() {
    this.#send.disabled = this.#field.value.trim() === "";
    this.#send.hidden = this.#isRunning;
    this.#stop.hidden = !this.#isRunning;
  }
}

// Lets a field grow with its text where the style sheet cannot do it by itself.
export function growWithText(root) {
  if (CSS.supports("field-sizing", "content")) return;
  const grow = (field) => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  };
  root.addEventListener("input", ({ target }) => target.matches("textarea.growing") && grow(target));
  root.addEventListener("focusin", ({ target }) => target.matches("textarea.growing") && grow(target));
}

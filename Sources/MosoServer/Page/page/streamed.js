// A text that grows, shown as Markdown: only what is new is looked at.

import { element } from "./dom.js";
import { MarkdownView } from "./markdown.js";

export class StreamedText {
  #view = null;
  #taken = "";
  #isFinished = false;

  constructor(name = "") {
    this.element = element("div", { class: `markdown ${name}` });
  }

  // Shows a text, which grows further or is complete.
  show(text, isGrowing) {
    const isSame = text.length === this.#taken.length;
    if (this.#isFinished && isSame) return;
    // A finished text that goes on, or one that got shorter, is read anew.
    if (this.#view === null || this.#isFinished || text.length < this.#taken.length) {
      this.element.replaceChildren();
      this.#view = new MarkdownView(this.element);
      this.#taken = "";
      this.#isFinished = false;
    }
    this.#view.append(text.slice(this.#taken.length));
    this.#taken = text;
    if (isGrowing) this.#view.draw();
    else this.#view.finish();
    this.#isFinished = !isGrowing;
  }
}

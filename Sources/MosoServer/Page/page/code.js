// A block of code: its language, a button that copies it, and its lines, which are coloured as they become complete.

import { copyFrom, element, icon } from "./dom.js";
import { colouredLine } from "./colours.js";

const linesPerPart = 50;

export class CodeView {
  #code = element("code");
  #language;

  constructor(label) {
    const language = label.split(/[\s,{]/, 1)[0].slice(0, 40);
    this.#language = language.toLowerCase();
    const copy = element(
      "button",
      { type: "button", class: "text-button", "aria-label": "Copy this code" },
      icon("copy"),
      element("span", {}, "Copy"),
    );
    copy.addEventListener("click", () => copyFrom(copy, this.#code.textContent));
    this.element = element(
      "figure",
      { class: "code" },
      element("figcaption", {}, element("span", { class: "language" }, language || "text"), copy),
      element("pre", { tabindex: "0", "aria-label": `Code, ${language || "text"}` }, this.#code),
    );
  }

  // Adds a line to the open block of Markdown; `block` holds what one line tells the next, for a line that is not complete
  // is taken back.
  addLine(line, block, isUnfinished) {
    if (isUnfinished) return block.content.append(line);
    const { nodes, state } = colouredLine(line, this.#language, block.state);
    block.content.append(...nodes, "\n");
    block.state = state;
    block.lines += 1;
    if (block.lines % linesPerPart === 0) block.content = this.addPart();
  }

  // A browser lays a part out anew when something is added to it, so a long text is made of many.
  addPart() {
    const part = element("span", { class: "part" });
    this.#code.append(part);
    return part;
  }
}

// A block of code: its language, a button that copies it, and its lines, which are coloured as they become complete.

import { copyFrom, element, icon } from "./dom.js";
import { colouredLine } from "./colours.js";

export class CodeView {
  #language;

  constructor(label) {
    const language = label.split(/[\s,{]/, 1)[0].slice(0, 40);
    this.#language = language.toLowerCase();
    this.content = element("code");
    const copy = element(
      "button",
      { type: "button", class: "text-button", "aria-label": "Copy this code" },
      icon("copy"),
      element("span", {}, "Copy"),
    );
    copy.addEventListener("click", () => copyFrom(copy, this.content.textContent));
    this.element = element(
      "figure",
      { class: "code" },
      element("figcaption", {}, element("span", { class: "language" }, language || "text"), copy),
      element("pre", { tabindex: "0", "aria-label": `Code, ${language || "text"}` }, this.content),
    );
  }

  // Adds a line and gives false: the code is not empty any more. `block` holds what one line tells the next, `isEmpty`
  // and `state`; it is the reader's, for a line that is not complete is taken back.
  addLine(line, block, isUnfinished) {
    const nodes = isUnfinished ? { nodes: [line], state: block.state } : colouredLine(line, this.#language, block.state);
    block.state = nodes.state;
    if (!block.isEmpty) this.content.append("\n");
    this.content.append(...nodes.nodes);
    return false;
  }
}

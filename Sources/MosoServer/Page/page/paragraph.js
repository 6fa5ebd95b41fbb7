// The text of a paragraph, drawn anew only when it has changed.

import { inline } from "./inline.js";

// Draws `text` into `content`. Copies of a paragraph share `drawn`, which says what the element shows. A paragraph that
// `grows` may still get an end for what is open in it.
export function drawParagraph({ content, text, drawn }, grows) {
  if (drawn.text === text && drawn.isGrowing === grows) return;
  drawn.text = text;
  drawn.isGrowing = grows;
  // The first line of a table is not shown before the second one says that it is a table.
  const shown = grows ? text.replace(/(^|\n)\|[^\n]*$/, "") : text;
  content.replaceChildren(inline(withBox(shown, content), grows));
}

// The first paragraph of an item may be a task, whose box is drawn.
function withBox(text, paragraph) {
  if (paragraph.parentNode?.nodeName !== "LI" || paragraph.previousSibling !== null) return text;
  return text.replace(/^\[[ xX]\](?= )/, (box) => (box === "[ ]" ? "☐" : "☑"));
}

// Markdown as it streams in. Every line is looked at once, when it is complete, and only appends to the blocks that are
// still open; so a long answer costs no more per word than a short one. The line that is not complete yet is shown
// too: what it added is taken back before the next look.
//
// It is the part of CommonMark and of GitHub's tables that models write. Left out on purpose: HTML (it is text), code by
// indentation and headings by underlining (models mean neither), link definitions.

import { CodeView } from "./code.js";
import { inline } from "./inline.js";
import { drawParagraph } from "./paragraph.js";
import { alignments, cells, table, tableRow } from "./table.js";

// Quotes and lists within each other; deeper ones are text.
const deepest = 24;

const fencePattern = /^( *)(`{3,}|~{3,})([^`]*)$/;
const headingPattern = /^ *(#{1,6})(?: (.*))?$/;
const rulePattern = /^ *(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const quotePattern = /^ *> ?/;
const itemPattern = /^( *)([-*+]|\d{1,9}[.)])( +|$)/;
// A line that has shown nothing but marks may still become anything.
const undecidedPattern = /^[\s>#*_+`~|:=.)-]*$|^\s*\d{1,3}[.)]?$/;

export class MarkdownView {
  // Open blocks from the document down: { kind, content, … }, where `content` is the element that children are added to.
  #open;
  #wasBlank = false;
  #unfinishedLine = "";
  // What the unfinished line added: { open, wasBlank, counts }.
  #shown = null;
  #stale = new Set();

  constructor(root) {
    this.#open = [{ kind: "document", content: root }];
  }

  // Adds text; `draw` shows it.
  append(text) {
    if (text === "") return;
    this.#takeBack();
    const lines = text.split("\n");
    lines[0] = this.#unfinishedLine + lines[0];
    this.#unfinishedLine = lines.pop();
    for (const line of lines) this.#line(line, false);
  }

  // Brings the page up to date.
  draw() {
    const line = this.#unfinishedLine;
    const undecided = this.#tip.kind === "code" ? /^\s*[`~]*$/ : undecidedPattern;
    if (this.#shown === null && !undecided.test(line)) {
      this.#shown = {
        open: this.#open.map((block) => ({ ...block })),
        wasBlank: this.#wasBlank,
        counts: this.#open.map(({ content }) => content.childNodes.length),
      };
      this.#line(line, true);
    }
    this.#drawTexts(true);
  }

  // Takes the last line as complete and draws all of it.
  finish() {
    this.#takeBack();
    if (this.#unfinishedLine !== "") this.#line(this.#unfinishedLine, false);
    this.#unfinishedLine = "";
    this.#close(1);
    this.#drawTexts(false);
  }

  get #tip() {
    return this.#open.at(-1);
  }

  #takeBack() {
    if (this.#shown === null) return;
    const { open, wasBlank, counts } = this.#shown;
    open.forEach((block, depth) => {
      if (block.kind === "list") block.content.toggleAttribute("data-loose", block.isLoose);
      if (block.kind === "paragraph") this.#stale.add(block);
      else while (block.content.childNodes.length > counts[depth]) block.content.lastChild.remove();
    });
    this.#open = open;
    this.#wasBlank = wasBlank;
    this.#shown = null;
  }

  #line(line, isUnfinished) {
    let rest = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (/^ *\t/.test(rest)) rest = rest.replace(/^[ \t]+/, (blanks) => blanks.replaceAll("\t", "    "));
    if (this.#tip.kind === "code" && this.#codeLine(rest, isUnfinished)) return;

    let depth;
    [depth, rest] = this.#continued(rest);
    if (rest.trim() === "") {
      if (depth < this.#open.length && this.#open[depth].kind === "quote") this.#close(depth);
      if (["paragraph", "table"].includes(this.#tip.kind)) this.#close(this.#open.length - 1);
      this.#wasBlank = true;
      return;
    }
    const tip = this.#tip;
    const mayContinue = tip.kind === "paragraph" && !this.#wasBlank;
    // Quotes and items that start here.
    let started = this.#startContainer(depth, rest, mayContinue && depth === this.#open.length - 1);
    while (started !== null) {
      rest = started;
      depth = this.#open.length;
      started = rest.trim() === "" ? null : this.#startContainer(depth, rest, false);
    }
    const isNew = this.#tip !== tip;
    if (rest.trim() === "") return;
    // A list whose last item has ended, and that has no new one, has ended too.
    if (this.#open[depth - 1].kind === "list") depth -= 1;
    const leaf = isNew ? null : this.#open[depth];
    // A line without bars is the text after a table.
    if (leaf?.kind === "table" && rest.includes("|")) {
      leaf.content.append(tableRow(rest, leaf.alignments, "td"));
      return;
    }
    if (this.#startLeaf(depth, rest, isUnfinished)) return;
    // A paragraph goes on even where the marks of what is around it are left out. A table beside a list does not.
    const isRowBeside = depth < this.#open.length - 1 && rest.trimStart().startsWith("|");
    if (mayContinue && !isNew && !isRowBeside) {
      tip.text += `\n${rest.trimStart()}`;
      this.#stale.add(tip);
      return;
    }
    if (!isNew) this.#close(depth);
    this.#loosen();
    const node = this.#append("p");
    // `drawn` is shared by copies of the block: it says what the element shows.
    this.#open.push({ kind: "paragraph", content: node, text: rest.trim(), drawn: { text: null, isGrowing: false } });
    this.#stale.add(this.#tip);
  }

  // How many open blocks go on with this line, and what of the line is left for them.
  #continued(line) {
    let rest = line;
    let depth = 1;
    for (; depth < this.#open.length; depth += 1) {
      const block = this.#open[depth];
      if (block.kind === "quote") {
        const mark = quotePattern.exec(rest);
        if (!mark) break;
        rest = rest.slice(mark[0].length);
      } else if (block.kind === "item") {
        const indentation = rest.search(/[^ ]/);
        if (indentation < 0) continue;
        // Models often indent the items of a numbered list's item by two blanks.
        const isNested = indentation >= block.indentation + 2 && itemPattern.test(rest);
        if (indentation < block.width && !isNested) break;
        rest = rest.slice(Math.min(indentation, block.width));
      } else if (block.kind !== "list") {
        break;
      }
    }
    return [depth, rest];
  }

  // Within code everything is code but the closing fence and the end of a quote around it.
  #codeLine(line, isUnfinished) {
    const code = this.#tip;
    let rest = line;
    for (const block of this.#open) {
      if (block.kind !== "quote") continue;
      const mark = quotePattern.exec(rest);
      if (!mark) {
        this.#close(this.#open.indexOf(block));
        return false;
      }
      rest = rest.slice(mark[0].length);
    }
    const text = rest.trim();
    if (text.length >= code.fence.length && text === code.fence[0].repeat(text.length)) {
      this.#close(this.#open.length - 1);
      this.#wasBlank = false;
      return true;
    }
    const indentation = rest.search(/[^ ]/);
    code.view.addLine(rest.slice(Math.min(code.indentation, Math.max(indentation, 0))), code, isUnfinished);
    return true;
  }

  // Starts a quote or an item at a depth and gives the rest of the line; null where there is none.
  #startContainer(depth, line, interrupts) {
    if (this.#open.length > deepest && depth > deepest - 2) return null;
    const quote = quotePattern.exec(line);
    if (quote) {
      this.#close(this.#open[depth - 1].kind === "list" ? depth - 1 : depth);
      this.#loosen();
      this.#open.push({ kind: "quote", content: this.#append("blockquote") });
      return line.slice(quote[0].length);
    }
    const found = itemPattern.exec(line);
    if (!found || rulePattern.test(line)) return null;
    const [all, before, mark, after] = found;
    const type = mark.at(-1);
    const number = parseInt(mark, 10);
    const above = this.#open[depth - 1];
    const goesOn = above.kind === "list" && above.type === type;
    if (interrupts && !goesOn && above.kind !== "list" && (all === line || number > 1)) return null;
    this.#close(goesOn ? depth : above.kind === "list" ? depth - 1 : depth);
    this.#loosen();
    if (!goesOn) {
      const list = this.#append(Number.isNaN(number) ? "ul" : "ol");
      if (number !== 1 && !Number.isNaN(number)) list.setAttribute("start", number);
      this.#open.push({ kind: "list", content: list, type, isLoose: false });
    }
    const width = after.length > 4 ? before.length + mark.length + 1 : before.length + mark.length + Math.max(after.length, 1);
    this.#open.push({ kind: "item", content: this.#append("li"), indentation: before.length, width });
    return line.slice(Math.min(width, line.length));
  }

  // Starts a block that holds no others; false where the line is a paragraph's.
  #startLeaf(depth, line, isUnfinished) {
    const fence = fencePattern.exec(line);
    if (fence) {
      this.#close(depth);
      this.#loosen();
      const view = new CodeView(fence[3].trim());
      this.#tip.content.append(view.element);
      const block = { kind: "code", content: view.addPart(), view, fence: fence[2], lines: 0, state: null };
      // Lines of code are looked at before the items around them, so their blanks are the code's to take away.
      const around = this.#open.slice(this.#open.findLastIndex(({ kind }) => kind === "quote") + 1);
      const width = around.reduce((sum, { kind, width }) => sum + (kind === "item" ? width : 0), 0);
      this.#open.push({ ...block, indentation: width + fence[1].length });
      return true;
    }
    const heading = headingPattern.exec(line);
    if (heading) {
      this.#close(depth);
      this.#loosen();
      const text = (heading[2] ?? "").trim();
      const end = /(?:^| )#+$/.exec(text.slice(-8));
      this.#append(`h${heading[1].length}`).append(inline(end ? text.slice(0, -end[0].length) : text, isUnfinished));
      return true;
    }
    if (rulePattern.test(line)) {
      this.#close(depth);
      this.#loosen();
      this.#append("hr");
      return true;
    }
    return !isUnfinished && this.#startTable(line);
  }

  // Starts a table where a line says how columns are aligned, and the paragraph's last line has as many cells.
  #startTable(line) {
    const tip = this.#tip;
    const columns = alignments(line);
    if (columns === null || tip.kind !== "paragraph" || this.#wasBlank) return false;
    const end = tip.text.lastIndexOf("\n");
    const header = tip.text.slice(end + 1);
    if (cells(header).length !== columns.length) return false;
    this.#close(this.#open.length - 1);
    if (end < 0) {
      tip.content.remove();
      this.#stale.delete(tip);
    } else {
      tip.text = tip.text.slice(0, end);
    }
    const { frame, body } = table(header, columns);
    this.#tip.content.append(frame);
    this.#open.push({ kind: "table", content: body, alignments: columns });
    return true;
  }

  #append(name) {
    const made = document.createElement(name);
    this.#tip.content.append(made);
    return made;
  }

  // Ends the blocks from a depth on.
  #close(depth) {
    for (const block of this.#open.splice(Math.max(depth, 1))) {
      if (block.kind === "paragraph") this.#stale.add(block);
    }
  }

  // A list in which something follows a blank line has space between its items.
  #loosen() {
    if (!this.#wasBlank) return;
    this.#wasBlank = false;
    const list = this.#open.findLast(({ kind }) => kind === "list");
    if (!list) return;
    list.isLoose = true;
    list.content.toggleAttribute("data-loose", true);
  }

  #drawTexts(isGrowing) {
    for (const paragraph of this.#stale) drawParagraph(paragraph, isGrowing && paragraph.content === this.#tip.content);
    this.#stale.clear();
  }
}

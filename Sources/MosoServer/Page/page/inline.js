// Markdown within a block: emphasis, code, links. Follows CommonMark's algorithm of a stack of delimiters, which takes
// time in proportion to the text, and makes nodes instead of HTML.
//
// Two deliberate differences: a line break in a paragraph is kept, since models do not wrap their lines; and mathematics,
// `\( … \)`, `\[ … \]` and `$$ … $$`, is shown as it was written.

import { bareAddressLength, destination, link } from "./links.js";

const punctuation = /[\p{P}\p{S}]/u;
// Scripts without blanks between words, where emphasis may start and end beside a letter.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
// Longest stretches without any meaning, so that plain text costs little.
const plain = /(?:[^\\`*_~[\]!<&\n$h]|h(?!ttps?:\/\/))+/iy;

// The characters that models name most; others may be given by number.
const named = new Map(
  Object.entries({
    ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", copy: "©", deg: "°", times: "×", middot: "·" },
    ...{ ndash: "–", mdash: "—", hellip: "…", bull: "•", larr: "←", rarr: "→", le: "≤", ge: "≥", ne: "≠", euro: "€" },
  }),
);

// The nodes of a block's text. While a text is `growing`, bold and code that are not closed yet are shown as if they were:
// the end is most likely on its way.
export function inline(text, growing = false) {
  return new InlineParser(text, growing).parse();
}

class InlineParser {
  #text;
  #growing;
  #at = 0;
  #root = document.createDocumentFragment();
  // Runs of `*`, `_` and `~` that may open or close something: { node, character, count, opens, closes }.
  #delimiters = [];
  // Open `[`: { node, mark, delimiters }, where `mark` is the `!` before an image.
  #brackets = [];
  // Kinds of endings that are known not to come any more.
  #missing = new Set();

  constructor(text, growing) {
    this.#text = text;
    this.#growing = growing;
  }

  parse() {
    while (this.#at < this.#text.length) {
      plain.lastIndex = this.#at;
      const stretch = plain.exec(this.#text)?.[0];
      if (stretch) this.#add(stretch, stretch.length);
      else this.#special(this.#text[this.#at]);
    }
    this.#delimiters = this.#closeEmphasis(0);
    if (this.#growing) this.#closeBold();
    this.#root.normalize();
    return this.#root;
  }

  // Appends text or a node and goes on behind `length` characters.
  #add(content, length) {
    const node = typeof content === "string" ? document.createTextNode(content) : content;
    this.#root.append(node);
    this.#at += length;
    return node;
  }

  #special(character) {
    const text = this.#text;
    const at = this.#at;
    const next = text[at + 1];
    if (character === "\n") return this.#add(document.createElement("br"), 1);
    if (character === "\\") {
      if (next === "(") return this.#mathematics("\\(", "\\)");
      if (next === "[") return this.#mathematics("\\[", "\\]");
      if (next === "\n") return this.#add(document.createElement("br"), 2);
      return next && /[!-/:-@[-`{-~]/.test(next) ? this.#add(next, 2) : this.#add("\\", 1);
    }
    if (character === "$") return next === "$" ? this.#mathematics("$$", "$$") : this.#add("$", 1);
    if (character === "`") return this.#code();
    if (character === "*" || character === "_" || character === "~") return this.#delimiterRun(character);
    if (character === "[") return this.#openBracket(null);
    // An image is shown as a link to it: nothing is loaded from the network.
    if (character === "!") return next === "[" ? this.#openBracket(this.#add("!", 1)) : this.#add("!", 1);
    if (character === "]") return this.#closeBracket();
    if (character === "<") return this.#angle();
    if (character === "&") return this.#entity();
    const length = /\w/.test(text[at - 1] ?? "") ? 0 : bareAddressLength(text, at);
    const made = length > 0 ? link(text.slice(at, at + length)) : null;
    if (!made) return this.#add(character, 1);
    made.textContent = text.slice(at, at + length);
    return this.#add(made, length);
  }

  // Where an ending stands at or after a place, or -1. Each kind is searched in vain at most once.
  #find(ending, from) {
    if (this.#missing.has(ending)) return -1;
    const found = this.#text.indexOf(ending, from);
    if (found < 0) this.#missing.add(ending);
    return found;
  }

  #code() {
    const text = this.#text;
    let count = 1;
    while (text[this.#at + count] === "`") count += 1;
    const fence = "`".repeat(count);
    const start = this.#at + count;
    let end = this.#find(fence, start);
    // A longer run is no end; go on behind it.
    while (end >= 0 && text[end + count] === "`") {
      let behind = end + count;
      while (text[behind] === "`") behind += 1;
      end = this.#find(fence, behind);
    }
    if (end < 0 && !(this.#growing && start < text.length)) return this.#add(fence, count);
    const made = document.createElement("code");
    let content = (end < 0 ? text.slice(start) : text.slice(start, end)).replaceAll("\n", " ");
    if (/^ .*[^ ].* $/.test(content)) content = content.slice(1, -1);
    made.textContent = content;
    return this.#add(made, end < 0 ? text.length - this.#at : end + count - this.#at);
  }

  #mathematics(opening, ending) {
    const end = this.#find(ending, this.#at + 2);
    if (end < 0) return this.#add(opening, 2);
    const made = document.createElement("span");
    made.className = "mathematics";
    made.textContent = this.#text.slice(this.#at, end + 2);
    return this.#add(made, end + 2 - this.#at);
  }

  // `<https://…>`, `<mail@…>` and `<br>`; everything else in angles is text.
  #angle() {
    const found = /^<([^<>\s]{1,2000})>/.exec(this.#text.slice(this.#at, this.#at + 2010));
    if (!found) return this.#add("<", 1);
    if (/^br\/?$/i.test(found[1])) return this.#add(document.createElement("br"), found[0].length);
    const made = link(/^[\w.+-]+@[\w.-]+\.\w+$/.test(found[1]) ? `mailto:${found[1]}` : found[1]);
    if (!made) return this.#add("<", 1);
    made.textContent = found[1];
    return this.#add(made, found[0].length);
  }

  #entity() {
    const found = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,6}));/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (!found) return this.#add("&", 1);
    const number = found[1] ? parseInt(found[1], 10) : parseInt(found[2] ?? "0", 16);
    const isCharacter = number > 0 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
    const meant = found[3] ? named.get(found[3]) : isCharacter ? String.fromCodePoint(number) : "\ufffd";
    return meant === undefined ? this.#add("&", 1) : this.#add(meant, found[0].length);
  }

  #delimiterRun(character) {
    const text = this.#text;
    const at = this.#at;
    let count = 1;
    while (text[at + count] === character) count += 1;
    const before = text[at - 1] ?? " ";
    const after = text[at + count] ?? " ";
    const [blankBefore, blankAfter] = [/\s/.test(before), /\s/.test(after)];
    const [markBefore, markAfter] = [punctuation.test(before), punctuation.test(after)];
    let opens = !blankAfter && (!markAfter || blankBefore || markBefore || unspaced.test(before));
    let closes = !blankBefore && (!markBefore || blankAfter || markAfter || unspaced.test(after));
    if (character === "_") [opens, closes] = [opens && (!closes || markBefore), closes && (!opens || markAfter)];
    if (character === "~" && count !== 2) [opens, closes] = [false, false];
    const node = this.#add(character.repeat(count), count);
    if (opens || closes) this.#delimiters.push({ node, character, count, length: count, opens, closes });
  }

  #openBracket(mark) {
    this.#brackets.push({ node: this.#add("[", 1), mark, delimiters: this.#delimiters.length });
  }

  #closeBracket() {
    const bracket = this.#brackets.pop();
    const label = this.#add("]", 1);
    if (!bracket || this.#text[this.#at] !== "(") return;
    const target = destination(this.#text, this.#at + 1);
    if (target === null || (target === "unfinished" && !this.#growing)) return;
    const made = target === "unfinished" ? document.createElement("span") : link(target.address);
    if (!made) return;
    this.#closeEmphasis(bracket.delimiters);
    move(bracket.node.nextSibling, label, made);
    bracket.node.replaceWith(made);
    bracket.mark?.remove();
    for (const inner of made.querySelectorAll("a")) inner.replaceWith(...inner.childNodes);
    label.remove();
    if (made.textContent === "") made.textContent = made.title;
    // No link within a link: the outer brackets stay text.
    this.#brackets = [];
    this.#at = target === "unfinished" ? this.#text.length : target.end;
  }

  // Pairs the delimiters from an index on, and gives those that are left.
  #closeEmphasis(bottom) {
    const stack = this.#delimiters.splice(bottom);
    const open = [];
    // For each kind of closer, below which height of `open` there is known to be no opener for it.
    const floors = new Map();
    for (const closer of stack) {
      while (closer.closes && closer.count > 0) {
        const kind = `${closer.character}${closer.length % 3}${closer.opens}`;
        const floor = floors.get(kind) ?? 0;
        let height = open.length - 1;
        while (height >= floor && !pairs(open[height], closer)) height -= 1;
        if (height < floor) {
          floors.set(kind, open.length);
          break;
        }
        const opener = open[height];
        open.length = height + 1;
        for (const [other, low] of floors) floors.set(other, Math.min(low, height));
        const used = closer.character === "~" || (opener.count >= 2 && closer.count >= 2) ? 2 : 1;
        const made = document.createElement(closer.character === "~" ? "del" : used === 2 ? "strong" : "em");
        move(opener.node.nextSibling, closer.node, made);
        opener.node.after(made);
        shorten(opener, used);
        shorten(closer, used);
        if (opener.count === 0) open.pop();
      }
      if (closer.opens && closer.count > 0) open.push(closer);
    }
    return open;
  }

  #closeBold() {
    const opener = this.#delimiters.findLast(({ character, count }) => character === "*" && count === 2);
    if (!opener || opener.node.parentNode !== this.#root || !opener.node.nextSibling) return;
    const made = document.createElement("strong");
    move(opener.node.nextSibling, null, made);
    opener.node.replaceWith(made);
  }
}

function pairs(opener, closer) {
  if (opener.character !== closer.character) return false;
  const ambiguous = opener.closes || closer.opens;
  return !(ambiguous && (opener.length + closer.length) % 3 === 0 && (opener.length % 3 || closer.length % 3));
}

function shorten(delimiter, count) {
  delimiter.count -= count;
  delimiter.node.data = delimiter.character.repeat(delimiter.count);
}

// Moves the nodes from one up to (without) another into a new parent.
function move(first, end, parent) {
  for (let node = first; node !== null && node !== end; ) {
    const next = node.nextSibling;
    parent.append(node);
    node = next;
  }
}

// Addresses in a model's text. Only the web and mail are ever made into links; the rest stays the text it is.

const longestAddress = 2000;
const deepestParentheses = 32;

// A link element for an address, or null where it may not be one. It opens beside the page, which it learns nothing of.
export function link(address) {
  if (!/^(https?:\/\/|mailto:)/i.test(address) || address.length > longestAddress) return null;
  let parsed;
  try {
    parsed = new URL(address);
  } catch {
    return null;
  }
  if (!["http:", "https:", "mailto:"].includes(parsed.protocol)) return null;
  const made = document.createElement("a");
  made.href = parsed.href;
  made.rel = "noopener noreferrer";
  made.target = "_blank";
  made.title = parsed.href;
  return made;
}

// What stands in the parentheses after `[label]`, from the place after `(`: `{ address, end }`, null for something else,
// or "unfinished" where the text ends before it is known. Looks at a bounded number of characters.
export function destination(text, start) {
  let at = start;
  const limit = Math.min(text.length, start + longestAddress);
  const skipBlanks = () => {
    while (at < limit && (text[at] === " " || text[at] === "\n")) at += 1;
  };
  const unknown = () => (at >= text.length ? "unfinished" : null);
  skipBlanks();
  let address;
  if (text[at] === "<") {
    const close = text.slice(at, limit).search(/[>\n]/);
    if (close < 0) return limit === text.length ? "unfinished" : null;
    if (text[at + close] !== ">") return null;
    address = text.slice(at + 1, at + close);
    at += close + 1;
  } else {
    const from = at;
    let depth = 0;
    for (; at < limit; at += 1) {
      const character = text[at];
      if (character === " " || character === "\n") break;
      if (character === "(") depth += 1;
      if (character === ")") depth -= 1;
      if (depth < 0) break;
      if (depth > deepestParentheses) return null;
    }
    if (at >= limit) return unknown();
    address = text.slice(from, at);
  }
  skipBlanks();
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    at += 1;
    while (at < limit && text[at] !== quote) at += 1;
    if (at >= limit) return unknown();
    at += 1;
    skipBlanks();
  }
  if (at >= limit) return unknown();
  return text[at] === ")" ? { address, end: at + 1 } : null;
}

// How long the bare address is that starts at a place, without the punctuation of the sentence around it.
export function bareAddressLength(text, start) {
  const pattern = /https?:\/\/[^\s<>"`\\^{}|]+/iy;
  pattern.lastIndex = start;
  const found = pattern.exec(text)?.[0].slice(0, longestAddress);
  if (!found) return 0;
  let opened = 0;
  let length = found.length;
  for (let at = 0; at < found.length; at += 1) {
    if (found[at] === "(") opened += 1;
    if (found[at] === ")" && --opened < 0) {
      length = at;
      break;
    }
  }
  while (length > 0 && /[?!.,:;*_~'\]]/.test(found[length - 1])) length -= 1;
  return /^https?:\/\/[^/]/i.test(found.slice(0, length)) ? length : 0;
}

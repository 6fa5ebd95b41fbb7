// Tables as GitHub's Markdown has them: cells between bars, and a second line that says how columns are aligned.

import { inline } from "./inline.js";

const mostColumns = 64;

// The texts of a row's cells. A bar after a backslash belongs to the text.
export function cells(line) {
  const found = [];
  let cell = "";
  const text = line.trim();
  for (let at = text.startsWith("|") ? 1 : 0; at < text.length && found.length < mostColumns; at += 1) {
    if (text[at] === "\\" && text[at + 1] === "|") {
      cell += "|";
      at += 1;
    } else if (text[at] === "|") {
      found.push(cell.trim());
      cell = "";
    } else {
      cell += text[at];
    }
  }
  if (cell.trim() !== "" && found.length < mostColumns) found.push(cell.trim());
  return found;
}

// How the columns are aligned, or null where the line is not a table's second line.
export function alignments(line) {
  if (!line.includes("|") || !/^[ |:-]+$/.test(line)) return null;
  const columns = cells(line);
  if (!columns.every((cell) => /^:?-+:?$/.test(cell))) return null;
  return columns.map((cell) => {
    if (cell.endsWith(":")) return cell.startsWith(":") ? "center" : "right";
    return "left";
  });
}

// A row with as many cells as there are columns.
export function tableRow(line, columns, name) {
  const texts = cells(line);
  const row = document.createElement("tr");
  columns.forEach((column, place) => {
    const cell = document.createElement(name);
    if (column !== "left") cell.className = column;
    cell.append(inline(texts[place] ?? ""));
    row.append(cell);
  });
  return row;
}

// A table with its first row, in a frame in which it may be moved sideways; `body` takes the rows.
export function table(header, columns) {
  const [frame, made, head, body] = ["div", "table", "thead", "tbody"].map((name) => document.createElement(name));
  frame.className = "table";
  frame.tabIndex = 0;
  head.append(tableRow(header, columns, "th"));
  made.append(head, body);
  frame.append(made);
  return { frame, body };
}

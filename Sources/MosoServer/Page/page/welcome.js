// What an empty conversation shows: a few beginnings, and how to reach the same model from a program.

import { copyFrom, element, iconButton } from "./dom.js";
import { apiKey } from "./preferences.js";

const beginnings = [
  ["Explain", "Explain how a transformer predicts the next word, for someone who knows school mathematics."],
  ["Write code", "Write a Swift function that parses ISO 8601 dates, with tests."],
  ["Summarise", "Summarise this text in five sentences:\n\n"],
  ["Think it through", "I have three job offers and cannot decide. Ask me questions, one at a time, until we know."],
];

// The same request as the page's, for a shell.
export function curlCommand(model) {
  const body = JSON.stringify({
    model,
    max_tokens: 256,
    messages: [{ role: "user", content: "Why is the sky blue?" }],
  });
  // In a shell's single quotes everything stands for itself but the quote.
  const quoted = body.replaceAll("'", "'\\''");
  const key = apiKey() === "" ? "" : `  -H "x-api-key: $MOSO_API_KEY" \\\n`;
  return `curl ${new URL("v1/messages", document.baseURI)} \\
${key}  -H 'content-type: application/json' \\
  -H 'anthropic-version: 2023-06-01' \\
  -d '${quoted}'`;
}

export function welcome(model, suggest) {
  const command = curlCommand(model?.id ?? "MODEL");
  const copy = iconButton("copy", "Copy this command", () => copyFrom(copy, command));
  return [
    element("img", { src: "icon.svg", alt: "", width: "48", height: "48" }),
    element("h1", {}, "What shall we talk about?"),
    element(
      "ul",
      { class: "beginnings" },
      ...beginnings.map(([title, text]) =>
        element(
          "li",
          {},
          element(
            "button",
            { type: "button", on: { click: () => suggest(text) } },
            element("strong", {}, title),
            element("span", {}, text.trim()),
          ),
        ),
      ),
    ),
    element(
      "details",
      { class: "api", open: true },
      element("summary", {}, "The same from a program"),
      element("div", { class: "command" }, element("pre", {}, element("code", {}, command)), copy),
    ),
  ];
}

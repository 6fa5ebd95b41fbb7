// What is said below an answer: its progress, its numbers, and why it ended where it does. Each is `{ key, nodes }`; the
// same key means that the nodes are still right. `text` goes into the one with the class `numbers`.

import { shownMessages } from "./conversation.js";
import { element } from "./dom.js";

function button(label, action, name = "") {
  return element("button", { type: "button", class: name, on: { click: action } }, label);
}

export function progress(answering, actions) {
  const now = performance.now();
  const nodes = [element("span", { class: "pulse" }), element("span", { class: "numbers" })];
  if (answering.state === "retrying") {
    const seconds = Math.max(0, Math.ceil((answering.pauseEnds - now) / 1000));
    nodes.push(button("Try now", () => actions.tryNow(), "text-button"));
    return { key: "retrying", nodes, text: `The server is busy. Trying again in ${seconds} s.` };
  }
  if (answering.state !== "waiting") {
    const text = joined(amount(answering.conversation.messages[answering.number], answering.duration));
    return { key: "running", nodes, text };
  }
  const seconds = Math.floor((now - answering.since) / 1000);
  return { key: "running", nodes, text: seconds < 2 ? "" : `Reading the conversation, ${seconds} s` };
}

export function failureNotice(message, number, actions) {
  // Every answer ends with a reason, but for those that were running when the page was closed.
  const sentence = message.failure ?? (message.stop ? null : "This answer is not complete.");
  if (sentence === null) return null;
  const buttons = [button("Try again", () => actions.retry(number), "primary")];
  if (message.text.trim() !== "") buttons.push(button("Continue from here", () => actions.resume(number)));
  if (actions.wantsKey(number)) buttons.push(button("Enter a key", () => actions.askKey()));
  return {
    key: `failure ${sentence} ${buttons.length}`,
    nodes: [
      element(
        "div",
        { class: "failure", role: "alert" },
        element("p", {}, sentence),
        element("div", { class: "buttons" }, ...buttons),
      ),
    ],
  };
}

const stops = {
  stopped: "You stopped this answer.",
  max_tokens: "The answer reached the limit of tokens.",
  model_context_window_exceeded: "The conversation has reached the end of the model's context.",
  refusal: "The model declined to answer.",
};

export function stopNotice(message, number, actions) {
  const text = stops[message.stop];
  if (!text) return null;
  const nodes = [element("span", {}, text)];
  if (["stopped", "max_tokens"].includes(message.stop) && message.text.trim() !== "") {
    nodes.push(button("Continue", () => actions.resume(number), "text-button"));
  }
  return { key: message.stop, nodes };
}

export function grouped(number) {
  return new Intl.NumberFormat("en").format(number);
}

// How long an answer is. The server's count comes with the reason for the end; until then there are the pieces that came.
function tokensOf({ outputTokens, pieces, stop }) {
  const isCounted = outputTokens > 0 && Boolean(stop) && stop !== "stopped";
  return { tokens: isCounted ? outputTokens : (pieces ?? 0), about: isCounted ? "" : "about " };
}

// "212 tokens" and "38.4 tokens/s", as far as they are known.
function amount(message, duration) {
  const { tokens, about } = tokensOf(message);
  if (tokens === 0) return [];
  const parts = [about + (tokens === 1 ? "1 token" : `${grouped(tokens)} tokens`)];
  // The first token's time is the prompt's.
  const speed = (tokens - 1) / (duration - message.firstToken);
  if (tokens > 1 && Number.isFinite(speed)) parts.push(`${speed.toFixed(speed < 100 ? 1 : 0)} tokens/s`);
  return parts;
}

// A line that is too long for a phone breaks between the parts.
function joined(parts) {
  return parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" · ");
}

// "212 tokens · 38.4 tokens/s · first after 0.32 s"
export function numbers(message) {
  const parts = amount(message, message.duration);
  if (message.firstToken !== undefined) parts.push(`first after ${message.firstToken.toFixed(2)} s`);
  return joined(parts);
}

// How much of the model's context a conversation fills: what the server counted before the last answer, and that answer.
export function contextUse(conversation, model) {
  const messages = shownMessages(conversation).map((number) => conversation.messages[number]);
  const last = messages.findLast(({ inputTokens }) => inputTokens !== undefined);
  if (!last) return { text: "", isNearlyFull: false };
  const used = last.inputTokens + tokensOf(last).tokens;
  const limit = model?.longestInput;
  return {
    text: `${grouped(used)}${limit ? ` / ${grouped(limit)}` : ""} tokens`,
    isNearlyFull: limit > 0 && used > limit * 0.85,
  };
}

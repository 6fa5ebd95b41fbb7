// What is said below an answer: its progress, its numbers, and why it ended where it does. Each is `{ key, nodes }`; the
// same key means that nothing has changed.

import { shownMessages } from "./conversation.js";
import { element } from "./dom.js";

function button(label, action, name = "") {
  return element("button", { type: "button", class: name, on: { click: action } }, label);
}

export function progress(answering, actions) {
  const now = performance.now();
  if (answering.state === "retrying") {
    const seconds = Math.max(0, Math.ceil((answering.pauseEnds - now) / 1000));
    const text = `The server is busy. Trying again in ${seconds} s.`;
    return {
      key: text,
      nodes: [element("span", { class: "pulse" }), text, button("Try now", () => actions.tryNow(), "text-button")],
    };
  }
  if (answering.state !== "waiting") {
    const text = numbers(answering.conversation.messages[answering.number], answering.duration);
    return { key: `writing ${text}`, nodes: [element("span", { class: "pulse" }), element("span", { class: "numbers" }, text)] };
  }
  const seconds = Math.floor((now - answering.since) / 1000);
  const text = seconds < 2 ? "" : `Reading the conversation, ${seconds} s`;
  return { key: `waiting ${text}`, nodes: [element("span", { class: "pulse" }), text] };
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

// "212 tokens · 38.4 tokens/s · first after 0.32 s"; `duration` is that of a running answer.
export function numbers(message, duration = message.duration) {
  const parts = [];
  const { outputTokens, pieces, firstToken } = message;
  // The server's count comes with the reason for the end; until then there are the pieces that came.
  const isCounted = outputTokens > 0 && message.stop && message.stop !== "stopped";
  const tokens = isCounted ? outputTokens : (pieces ?? 0);
  if (tokens > 0) {
    parts.push(`${isCounted ? "" : "about "}${tokens === 1 ? "1 token" : `${grouped(tokens)} tokens`}`);
    // The first token's time is the prompt's.
    const speed = (tokens - 1) / (duration - firstToken);
    if (tokens > 1 && Number.isFinite(speed)) parts.push(`${speed.toFixed(speed < 100 ? 1 : 0)} tokens/s`);
  }
  if (firstToken !== undefined) parts.push(`first after ${firstToken.toFixed(2)} s`);
  return parts.join(" · ");
}

// How much of the model's context a conversation fills, as the server counted at the last answer.
export function contextUse(conversation, model) {
  const messages = shownMessages(conversation).map((number) => conversation.messages[number]);
  const last = messages.findLast(({ inputTokens }) => inputTokens !== undefined);
  if (!last) return { text: "", isNearlyFull: false };
  const used = last.inputTokens + (last.outputTokens ?? 0);
  const limit = model?.longestInput;
  return {
    text: `${grouped(used)}${limit ? ` of ${grouped(limit)}` : ""} tokens of context`,
    isNearlyFull: limit > 0 && used > limit * 0.85,
  };
}

// A conversation as plain values: a tree of messages. Editing a message or asking for another answer adds a branch beside
// the old one and loses nothing. A message's number is its place in `messages`; parents come before their children.

// What a file may bring for one text, in UTF-16 units.
export const longestText = 8_000_000;
const settingNames = ["temperature", "top_p", "top_k", "max_tokens"];

export function newConversation(settings) {
  const now = Date.now();
  return {
    id: crypto.randomUUID?.() ?? `${now}-${Math.random().toString(36).slice(2)}`,
    title: "",
    created: now,
    updated: now,
    settings: checkedSettings(settings),
    // The first message shown, or null; `chosen` of a message is the one shown after it.
    chosen: null,
    messages: [],
  };
}

// Adds a message after another one (null for the first) and shows it; gives its number.
export function addMessage(conversation, parent, role, text) {
  const number = conversation.messages.length;
  conversation.messages.push({ role, text, parent, chosen: null, created: Date.now() });
  choose(conversation, number);
  conversation.updated = Date.now();
  if (conversation.title === "" && role === "user") conversation.title = titleOf(text);
  return number;
}

// Shows a message in the place of its siblings. A title that is the beginning of the first message follows the one that is
// shown; a title that somebody gave stays.
export function choose(conversation, number) {
  const { parent, text } = conversation.messages[number];
  if (parent !== null) {
    conversation.messages[parent].chosen = number;
    return;
  }
  const before = conversation.messages[conversation.chosen];
  if (before && conversation.title === titleOf(before.text)) conversation.title = titleOf(text);
  conversation.chosen = number;
}

// The numbers of the messages that are shown, first to last.
export function shownMessages(conversation) {
  const path = [];
  for (let number = conversation.chosen; number !== null; number = conversation.messages[number].chosen) {
    path.push(number);
  }
  return path;
}

// The numbers of the messages that stand in the same place, this one among them.
export function siblings(conversation, number) {
  const { parent } = conversation.messages[number];
  const found = [];
  conversation.messages.forEach((message, other) => {
    if (message.parent === parent) found.push(other);
  });
  return found;
}

// What the API is asked for the answer with this number; a text that it already has is to be continued.
export function requestBody(conversation, number, model) {
  const messages = [];
  for (let at = number; at !== null; at = conversation.messages[at].parent) {
    const { role, text } = conversation.messages[at];
    // An answer that failed before its first word is no part of the conversation. The last text may not end in blanks.
    const content = at === number ? text.trimEnd() : text;
    if (content.trim() !== "") messages.push({ role, content });
  }
  messages.reverse();
  const { settings } = conversation;
  const body = { model: model.id, max_tokens: model.longestAnswer ?? 4096, messages };
  if (settings.system?.trim()) body.system = settings.system;
  for (const name of settingNames) if (settings[name] !== undefined) body[name] = settings[name];
  if (model.thinks && settings.thinking) {
    body.thinking = { type: settings.thinking === "on" ? "adaptive" : "disabled" };
  }
  return body;
}

export function titleOf(text) {
  const line = text.trim().split("\n", 1)[0].replace(/\s+/g, " ");
  return line.length <= 60 ? line : `${line.slice(0, 59).replace(/\s+\S*$/, "")}…`;
}

// Settings with nothing in them but what is understood.
export function checkedSettings(given) {
  const settings = {};
  if (typeof given?.model === "string") settings.model = given.model;
  if (typeof given?.system === "string") settings.system = given.system.slice(0, longestText);
  if (["on", "off"].includes(given?.thinking)) settings.thinking = given.thinking;
  for (const name of settingNames) if (Number.isFinite(given?.[name])) settings[name] = given[name];
  return settings;
}

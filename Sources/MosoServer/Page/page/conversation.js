// A conversation as plain values: a tree of messages. Editing a message or asking for another answer adds a branch beside
// the old one and loses nothing. A message's number is its place in `messages`; parents come before their children.

const mostMessages = 100_000;
const longestText = 8_000_000;
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

// Shows a message in the place of its siblings.
export function choose(conversation, number) {
  const { parent } = conversation.messages[number];
  if (parent === null) conversation.chosen = number;
  else conversation.messages[parent].chosen = number;
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

export function exportText(conversations) {
  return JSON.stringify({ format: "moso-conversations", version: 1, conversations }, null, 2);
}

// Reads what `exportText` wrote. Files may come from anywhere: only what is understood is taken over, and every number is
// checked. Throws an error whose message is a sentence.
export function importedConversations(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("This file is not JSON; choose one that was exported here.");
  }
  if (file?.format !== "moso-conversations" || !Array.isArray(file.conversations)) {
    throw new Error("This file holds no conversations; choose one that was exported here.");
  }
  if (file.version !== 1) throw new Error(`This file has version ${file.version}, but this page reads version 1.`);
  return file.conversations.map(checkedConversation);
}

function checkedConversation(given, place) {
  const where = `Conversation ${place + 1} of the file`;
  const messages = given?.messages;
  if (!Array.isArray(messages) || messages.length > mostMessages) throw new Error(`${where} has no list of messages.`);
  const conversation = newConversation(given.settings ?? {});
  if (typeof given.id === "string" && /^[\w-]{1,64}$/.test(given.id)) conversation.id = given.id;
  messages.forEach((message, number) => {
    const { role, text, parent } = message ?? {};
    const isPlaced = parent === null || (Number.isInteger(parent) && parent >= 0 && parent < number);
    if (!["user", "assistant"].includes(role) || typeof text !== "string" || text.length > longestText || !isPlaced) {
      throw new Error(`${where} has a message, number ${number + 1}, that cannot be read.`);
    }
    addMessage(conversation, parent, role, text);
    const added = conversation.messages[number];
    if (Number.isFinite(message.created)) added.created = message.created;
    for (const name of ["thinking", "model", "stop", "failure"]) {
      if (typeof message[name] === "string" && message[name].length <= longestText) added[name] = message[name];
    }
    for (const name of ["inputTokens", "outputTokens", "firstToken", "duration", "thought"]) {
      if (Number.isFinite(message[name]) && message[name] >= 0) added[name] = message[name];
    }
  });
  // Children come after their parents, so what is shown has no loop.
  for (const number of [given.chosen, ...messages.map((message) => message.chosen)]) {
    if (Number.isInteger(number) && number >= 0 && number < messages.length) choose(conversation, number);
  }
  if (typeof given.title === "string" && given.title !== "") conversation.title = given.title.slice(0, 200);
  if (Number.isFinite(given.created)) conversation.created = given.created;
  conversation.updated = Number.isFinite(given.updated) ? given.updated : Date.now();
  return conversation;
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

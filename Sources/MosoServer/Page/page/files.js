// Conversations in files: what is exported here can be imported anywhere.

import { addMessage, choose, longestText, newConversation } from "./conversation.js";
import { offerFile } from "./dom.js";

const mostMessages = 100_000;

// Offers conversations as a file.
export function exportConversations(conversations, name) {
  const text = JSON.stringify({ format: "moso-conversations", version: 1, conversations }, null, 2);
  // Letters and digits are all that every file system takes.
  offerFile(`${name.replace(/[^\p{L}\p{N} -]/gu, "").trim().slice(0, 100) || "conversation"}.json`, text);
}

// Reads a file into a store and gives its conversations. What is there already stays; the imported ones stand beside it.
export async function importFile(file, store) {
  const conversations = importedConversations(await file.text());
  for (const conversation of conversations) {
    if (store.conversations.has(conversation.id)) conversation.id = newConversation({}).id;
    await store.save(conversation);
  }
  return conversations;
}

// Files may come from anywhere: only what is understood is taken over, and every number is
// checked. Throws an error whose message is a sentence.
function importedConversations(text) {
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
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > mostMessages) {
    throw new Error(`${where} has no messages.`);
  }
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
    if (role === "assistant" && !added.failure && text !== "") added.stop ??= "end_turn";
    for (const name of ["inputTokens", "outputTokens", "pieces", "firstToken", "duration", "thought"]) {
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


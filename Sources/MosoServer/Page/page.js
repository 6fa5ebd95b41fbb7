// The page: talks to the models of this server on its Messages API. This module puts the parts together.

import { Answering } from "./page/answering.js";
import { Composer, growWithText } from "./page/composer.js";
import { addMessage, choose, newConversation, shownMessages, siblings } from "./page/conversation.js";
import { drawIcons } from "./page/dom.js";
import { exportConversations, importFile } from "./page/files.js";
import { leaveSidebar, showSidebar, wireFrame } from "./page/frame.js";
import { listenToKeys } from "./page/keyboard.js";
import { Models } from "./page/models.js";
import { notify, speak } from "./page/notices.js";
import {
  defaultSettings,
  setDefaultSettings,
  setUnsentSettings,
  unsentSettings,
} from "./page/preferences.js";
import { contextUse } from "./page/report.js";
import { askForKey, Settings, wireDialogs } from "./page/settings.js";
import { Sidebar } from "./page/sidebar.js";
import { ConversationStore } from "./page/store.js";
import { Transcript } from "./page/transcript.js";
import { welcome } from "./page/welcome.js";

// Answers are saved this often while they grow, in milliseconds.
const savingInterval = 1000;
// The place of the draft of a conversation that has no messages yet.
const newPlace = "new";

const find = (name) => document.querySelector(name);
let current = newConversation(unsentSettings() ?? defaultSettings());
// The answers that are on their way, by conversation.
const running = new Map();
// Answers that ended with a failure since the page was opened.
const failures = new WeakMap();

const store = new ConversationStore(
  (id) => {
    if (id === current.id) open(id);
    showList();
  },
  (id) => running.has(id),
);
const models = new Models(find("#model"), (model) => {
  current.settings.model = model.id;
  setDefaultSettings({ ...defaultSettings(), model: model.id });
  saveIfBegun(current);
  showAll();
});
const transcript = new Transcript(find("#scroller"), find("#transcript"), find("#latest"), {
  siblings,
  choose: (number) => {
    choose(current, number);
    save(current);
    showAll();
  },
  edit,
  regenerate: (number) => answerAfter(current.messages[number].parent),
  resume: (number) => answer(current, number),
  // What there is of a failed answer stays, as a branch.
  retry: (number) =>
    current.messages[number].text === "" ? answer(current, number) : answerAfter(current.messages[number].parent),
  askKey,
  wantsKey: (number) => failures.get(current.messages[number])?.wantsKey === true,
  tryNow: () => running.get(current.id)?.tryNow(),
  focusComposer: () => composer.focus(),
});
const composer = new Composer(find("#composer-field"), find("#send"), find("#stop"), {
  send,
  stop,
  editLast: () => transcript.editLast(),
});
const sidebar = new Sidebar(find("#conversations"), find("#search"), find("#menu"), {
  open: (id) => {
    open(id);
    leaveSidebar();
  },
  rename: (id, title) => {
    const conversation = store.conversations.get(id);
    conversation.title = title;
    save(conversation);
    showAll();
  },
  export: (id) => {
    const conversation = store.conversations.get(id);
    exportConversations([conversation], conversation.title);
  },
  remove,
});
const settings = new Settings({
  changed: (conversation) => {
    saveIfBegun(conversation);
    showAll();
  },
  notify,
  keyChanged: () => models.load(),
  exportAll: () => exportConversations(store.sorted, "moso-conversations"),
  importFile: takeFile,
});

// What is shown.

function showAll() {
  const answering = running.get(current.id) ?? null;
  const isEmpty = current.messages.length === 0;
  document.title = current.title === "" ? "Moso" : `${current.title} – Moso`;
  models.select(current.settings.model);
  transcript.show(current, answering);
  find("#welcome").hidden = !isEmpty;
  if (isEmpty) find("#welcome").replaceChildren(...welcome(models.chosen, (text) => composer.suggest(text)));
  composer.show(isEmpty ? newPlace : current.id);
  composer.isRunning = answering !== null;
  find("#system-note").hidden = !current.settings.system?.trim();
  showContext();
  showList();
}

function showContext() {
  const context = contextUse(current, models.chosen);
  find("#context").textContent = context.text;
  find("#context").classList.toggle("nearly-full", context.isNearlyFull);
}

function showList() {
  sidebar.show(store.sorted, current.id, (id) => running.has(id));
}

function open(id) {
  const conversation = store.conversations.get(id);
  if (!conversation) return create();
  current = conversation;
  if (location.hash !== `#${id}`) history.pushState(null, "", `#${id}`);
  showAll();
}

function showNew() {
  if (current.messages.length > 0) current = newConversation(unsentSettings() ?? defaultSettings());
  if (location.hash !== "") history.pushState(null, "", location.pathname + location.search);
  showAll();
}

function create() {
  showNew();
  leaveSidebar();
  composer.focus();
}

// What is kept.

// Gives whether the browser keeps it.
async function save(conversation) {
  try {
    await store.save(conversation);
    return true;
  } catch {
    notify("The browser has no room left to keep this conversation. Export it, or delete others.");
    return false;
  }
}

// A conversation is kept from its first message on; until then its settings are, like a draft.
function saveIfBegun(conversation) {
  if (conversation.messages.length > 0) save(conversation);
  else setUnsentSettings(conversation.settings);
}

function remove(id) {
  const conversation = store.conversations.get(id);
  if (!conversation) return;
  running.get(id)?.stop();
  store.remove(id);
  // The list keeps the focus.
  if (current.id === id) showNew();
  else showList();
  notify(`Deleted “${conversation.title || "Untitled"}”.`, "Undo", () => {
    save(conversation);
    open(id);
    leaveSidebar();
    composer.focus();
  });
}

async function takeFile(file) {
  find("#settings").close();
  try {
    const conversations = await importFile(file, store);
    open(conversations.at(-1)?.id);
    notify(conversations.length === 1 ? "Imported one conversation." : `Imported ${conversations.length} conversations.`);
  } catch (error) {
    notify(error.message);
  }
}

// What is sent.

// Whether something can be sent; says why not.
function isReady() {
  if (running.has(current.id)) notify("Wait for the answer or stop it; then this can be sent.");
  else if (!models.chosen) notify("The server has not said which models it has; nothing was sent.");
  else return true;
  return false;
}

// Gives null where the text was not taken, and else whether it is kept, once it is; until then its draft stays.
function send(text) {
  if (!isReady()) return null;
  const isKept = ask(shownMessages(current).at(-1) ?? null, text);
  if (location.hash !== `#${current.id}`) {
    setUnsentSettings(null);
    history.pushState(null, "", `#${current.id}`);
  }
  transcript.toEnd();
  return isKept;
}

function edit(number, text) {
  return isReady() ? ask(current.messages[number].parent, text) : null;
}

function ask(parent, text) {
  const question = addMessage(current, parent, "user", text);
  const isKept = save(current);
  answerAfter(question);
  return isKept;
}

function answerAfter(question) {
  if (isReady()) answer(current, addMessage(current, question, "assistant", ""));
}

// Runs an answer to its end; the user may look at other conversations meanwhile.
async function answer(conversation, number) {
  if (!isReady()) return;
  const message = conversation.messages[number];
  const answering = new Answering(conversation, number, models.chosen, () => {
    if (conversation === current) transcript.changed();
  });
  running.set(conversation.id, answering);
  failures.delete(message);
  save(conversation);
  showAll();
  speak("The model is answering.");
  const timer = setInterval(() => {
    if (conversation === current) {
      transcript.changed();
      showContext();
    }
    const hasGrown = answering.state === "writing" || answering.state === "thinking";
    if (hasGrown && store.conversations.has(conversation.id)) save(conversation);
  }, savingInterval);
  await answering.run();
  clearInterval(timer);
  running.delete(conversation.id);
  conversation.updated = Date.now();
  if (answering.failure) failures.set(message, answering.failure);
  // It may have been deleted meanwhile.
  if (store.conversations.has(conversation.id)) await save(conversation);
  showAll();
  if (conversation !== current) return;
  speak(message.failure ?? message.text);
  if (answering.failure?.wantsKey) askKey();
}

function stop() {
  running.get(current.id)?.stop();
}

// Asks for the key and then tries again what failed without it.
async function askKey() {
  if (!(await askForKey())) return;
  models.load();
  const last = shownMessages(current).at(-1);
  if (last !== undefined && failures.get(current.messages[last])?.wantsKey) answer(current, last);
}

function search() {
  showSidebar(true);
  find("#search").select();
}

function openSettings() {
  leaveSidebar();
  settings.open(current, models.chosen, store.isLasting);
}

async function start() {
  drawIcons(document);
  wireDialogs();
  growWithText(document);
  wireFrame();
  const help = () => find("#help").showModal();
  // Escape leaves the list first, where it covers the page.
  listenToKeys({ search, create, settings: openSettings, help, leave: () => leaveSidebar() || stop() });
  for (const [name, action] of [
    ["#new-conversation", create],
    ["#new-here", create],
    ["#open-settings", openSettings],
    ["#open-settings-here", openSettings],
    ["#system-note", openSettings],
    ["#open-help", help],
  ]) {
    find(name).addEventListener("click", action);
  }
  addEventListener("popstate", () => open(location.hash.slice(1)));
  await store.open();
  const wanted = store.conversations.get(location.hash.slice(1));
  if (wanted) current = wanted;
  showAll();
  composer.focus();
  models.load(askKey, showAll);
}

start();

// What the browser keeps besides conversations: the theme, the key, the settings of new conversations, and drafts.
// All of it is small and has to be there at once, so it is in localStorage; browsers may forbid even that.

function read(storage, name) {
  try {
    return window[storage].getItem(`moso.${name}`);
  } catch {
    return null;
  }
}

function write(storage, name, value) {
  try {
    if (value === null || value === "") window[storage].removeItem(`moso.${name}`);
    else window[storage].setItem(`moso.${name}`, value);
  } catch {
    // Without storage the page works until it is closed.
  }
}

// "light", "dark", or null for what the system prefers.
export function theme() {
  const value = read("localStorage", "theme");
  return value === "light" || value === "dark" ? value : null;
}

export function showTheme() {
  if (theme() === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme();
}

export function setTheme(value) {
  write("localStorage", "theme", value);
  showTheme();
}

let keyInMemory = null;

// The key that requests carry; empty without one.
export function apiKey() {
  return keyInMemory ?? read("sessionStorage", "key") ?? read("localStorage", "key") ?? "";
}

export function apiKeyIsRemembered() {
  return (read("localStorage", "key") ?? "") !== "";
}

// Keeps the key until the tab is closed, or beyond that where the user says so.
export function setAPIKey(key, remember) {
  keyInMemory = key;
  write("sessionStorage", "key", key);
  write("localStorage", "key", remember ? key : null);
}

function readSettings(name) {
  try {
    return JSON.parse(read("localStorage", name));
  } catch {
    return null;
  }
}

// The settings that a new conversation starts with.
export function defaultSettings() {
  return readSettings("settings") ?? {};
}

export function setDefaultSettings(settings) {
  write("localStorage", "settings", JSON.stringify(settings));
}

// The settings of a conversation that has no messages yet; null where nothing was changed.
export function unsentSettings() {
  return readSettings("unsent-settings");
}

export function setUnsentSettings(settings) {
  write("localStorage", "unsent-settings", settings && JSON.stringify(settings));
}

// What was typed and not yet sent, by place: a conversation's composer, or a message that is being edited.
const drafts = new Map();

export function draft(place) {
  return drafts.get(place) ?? read("localStorage", `draft.${place}`) ?? "";
}

export function setDraft(place, text) {
  drafts.set(place, text);
  write("localStorage", `draft.${place}`, text);
}

// The sheet with the settings of the conversation that is open, and with those of the page.

import { checkedSettings } from "./conversation.js";
import { apiKey, apiKeyIsRemembered, setAPIKey, setDefaultSettings, setTheme, theme } from "./preferences.js";
import { grouped } from "./report.js";

const numberFields = ["temperature", "top_p", "top_k", "max_tokens"];

// Lets the buttons marked `data-close` and a press beside a dialog close it.
export function wireDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", ({ target }) => {
      if (target.closest("[data-close]")) dialog.close();
    });
    dialog.addEventListener("pointerdown", ({ clientX, clientY }) => {
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      if (clientX < left || clientX > right || clientY < top || clientY > bottom) dialog.close();
    });
  }
}

export class Settings {
  #dialog = document.querySelector("#settings");
  #problem = document.querySelector("#settings-problem");
  #actions;
  #conversation = null;

  // `actions`: changed(), notify(text), exportAll(), importFile(file).
  constructor(actions) {
    this.#actions = actions;
    const find = (name) => this.#dialog.querySelector(name);
    for (const name of numberFields) {
      find(`#setting-${name}`).addEventListener("input", ({ target }) => this.#takeNumber(name, target));
    }
    for (const name of ["system", "thinking"]) {
      find(`#setting-${name}`).addEventListener("input", ({ target }) => this.#take(name, target.value || undefined));
    }
    find("#make-default").addEventListener("click", () => {
      setDefaultSettings(checkedSettings(this.#conversation.settings));
      actions.notify("New conversations will start with these settings.");
    });
    find("#theme").addEventListener("change", ({ target }) => setTheme(target.value || null));
    find("#export-all").addEventListener("click", () => actions.exportAll());
    find("#import").addEventListener("click", () => find("#import-file").click());
    find("#import-file").addEventListener("change", ({ target }) => {
      if (target.files[0]) actions.importFile(target.files[0]);
      target.value = "";
    });
    const takeKey = () => setAPIKey(find(".key-field").value.trim(), find(".key-remember").checked);
    find(".key-field").addEventListener("change", () => {
      takeKey();
      actions.keyChanged();
    });
    find(".key-remember").addEventListener("change", takeKey);
  }

  open(conversation, model, isLasting) {
    this.#conversation = conversation;
    const { settings } = conversation;
    const find = (name) => this.#dialog.querySelector(name);
    for (const name of numberFields) {
      find(`#setting-${name}`).value = settings[name] ?? "";
    }
    this.#showProblem();
    find("#setting-max_tokens").placeholder = grouped(model?.longestAnswer ?? 4096);
    find("#setting-system").value = settings.system ?? "";
    find("#setting-thinking").value = settings.thinking ?? "";
    find("#setting-thinking-row").hidden = !model?.thinks;
    find(`#theme input[value="${theme() ?? ""}"]`).checked = true;
    find(".key-field").value = apiKey();
    find(".key-remember").checked = apiKeyIsRemembered();
    find("#storage-note").textContent = isLasting
      ? "They are kept in this browser only."
      : "This browser keeps nothing here; export what you need before you close the page.";
    this.#dialog.showModal();
  }

  #take(name, value) {
    if (value === undefined) delete this.#conversation.settings[name];
    else this.#conversation.settings[name] = value;
    this.#actions.changed(this.#conversation);
  }

  #takeNumber(name, field) {
    this.#showProblem();
    if (field.validity.valid) this.#take(name, field.value === "" ? undefined : Number(field.value));
  }

  // Marks the numbers that the server refuses, and says what is wrong with the first.
  #showProblem() {
    const fields = numberFields.map((name) => this.#dialog.querySelector(`#setting-${name}`));
    for (const field of fields) {
      if (field.validity.valid) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
    }
    const bad = fields.find((field) => !field.validity.valid);
    this.#problem.hidden = bad === undefined;
    if (bad) this.#problem.textContent = `${bad.parentNode.firstChild.data.trim()}: ${rangeOf(bad)}`;
  }
}

function rangeOf(field) {
  const kind = field.step === "1" ? "a whole number" : "a number";
  return field.max === "" ? `${kind} from ${field.min} on` : `${kind} from ${field.min} to ${field.max}`;
}

// Asks for the server's key; gives whether there is a new one.
export function askForKey() {
  const dialog = document.querySelector("#key");
  if (dialog.open) return Promise.resolve(false);
  const [field, remember, use] = [".key-field", ".key-remember", "#use-key"].map((name) => dialog.querySelector(name));
  dialog.querySelector("#key-title").textContent =
    apiKey() === "" ? "This server wants an API key" : "The server does not accept this key";
  field.value = apiKey();
  remember.checked = apiKeyIsRemembered();
  return new Promise((resolve) => {
    let isNew = false;
    const take = () => {
      if (field.value.trim() === "") return field.focus();
      setAPIKey(field.value.trim(), remember.checked);
      isNew = true;
      dialog.close();
    };
    const pressed = (event) => {
      if (event.key !== "Enter") return;
      // The field that the focus goes back to would take it as a line.
      event.preventDefault();
      take();
    };
    use.addEventListener("click", take);
    field.addEventListener("keydown", pressed);
    dialog.addEventListener(
      "close",
      () => {
        use.removeEventListener("click", take);
        field.removeEventListener("keydown", pressed);
        resolve(isNew);
      },
      { once: true },
    );
    dialog.showModal();
    field.select();
  });
}

// The models that the server offers, and which one is chosen.

import { element } from "./dom.js";
import { showServerNotice } from "./notices.js";
import { apiKey } from "./preferences.js";
import { listModels } from "./requests.js";

export class Models {
  #picker;
  #list = [];
  #askKey = () => {};
  #whenLoaded = () => {};

  // `whenChosen(model)` is called when the user picks another one.
  constructor(picker, whenChosen) {
    this.#picker = picker;
    picker.addEventListener("change", () => whenChosen(this.chosen));
  }

  // The chosen model, or undefined before the server has answered.
  get chosen() {
    return this.#list.find(({ id }) => id === this.#picker.value);
  }

  // Chooses a model by its id; one that the server does not have is left for the first it has.
  select(id) {
    if (this.#list.length === 0) return;
    const isThere = this.#list.some((model) => model.id === id);
    this.#picker.value = isThere ? id : (this.chosen?.id ?? this.#list[0].id);
    this.#picker.title = this.chosen.name;
  }

  // Asks the server. `askKey` is called where it wants a key.
  async load(askKey = this.#askKey, whenLoaded = this.#whenLoaded) {
    this.#askKey = askKey;
    this.#whenLoaded = whenLoaded;
    try {
      this.#list = await listModels();
      this.#picker.disabled = this.#list.length === 0;
      // The name that requests use: the longer one changes when the model is loaded, and two models may share it.
      const options = this.#list.map(({ id, name }) => element("option", { value: id, title: name }, id));
      this.#picker.replaceChildren(...(options.length > 0 ? options : [element("option", {}, "No model")]));
      if (options.length > 0) showServerNotice(null);
      else showServerNotice("This server has no model yet; fetch one with “moso pull”.", "Look again", () => this.load());
    } catch (error) {
      if (error.wantsKey) {
        const sentence = apiKey() === "" ? "This server wants an API key." : "This server does not accept the API key.";
        showServerNotice(sentence, "Enter a key", askKey);
        askKey();
      } else {
        showServerNotice(error.message, "Try again", () => this.load());
      }
      if (this.#list.length === 0) this.#picker.replaceChildren(element("option", {}, "No model"));
    }
    whenLoaded();
  }
}

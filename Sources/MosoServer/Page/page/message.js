// One message of the transcript, as elements that follow its values.

import { copyFrom, element, iconButton } from "./dom.js";
import { draft, setDraft } from "./preferences.js";
import { failureNotice, numbers, progress, stopNotice } from "./report.js";
import { StreamedText } from "./streamed.js";

// `actions` is what the page does: choose, edit, resume, regenerate, askKey, tryNow, changed.
export class QuestionView {
  constructor(conversation, number, actions) {
    this.#conversation = conversation;
    this.#number = number;
    this.#actions = actions;
    const text = conversation.messages[number].text;
    this.#bubble = element("div", { class: "bubble" }, text);
    this.#branches = element("span", { class: "branches" });
    const copy = iconButton("copy", "Copy this message", () => copyFrom(copy, text));
    this.#footer = element(
      "footer",
      {},
      this.#branches,
      copy,
      iconButton("edit", "Edit this message", () => this.edit(), { "data-action": "edit" }),
    );
    this.element = element("article", { class: "question", "aria-label": "You" }, this.#bubble, this.#footer);
    if (draft(this.#draftPlace) !== "") this.edit(false);
  }

  #conversation;
  #number;
  #actions;
  #bubble;
  #branches;
  #footer;
  #field = null;

  get #draftPlace() {
    return `${this.#conversation.id}/${this.#number}`;
  }

  update() {
    showBranches(this.#branches, this.#conversation, this.#number, this.#actions);
  }

  // Puts a field in the place of the text. What is typed there outlasts the page, until it is sent or given up.
  edit(takesFocus = true) {
    if (this.#field) return this.#field.focus();
    const field = element("textarea", { "aria-label": "Edit your message", rows: "1", class: "growing" });
    field.value = draft(this.#draftPlace) || this.#conversation.messages[this.#number].text;
    const close = () => {
      this.#field = null;
      form.replaceWith(this.#bubble);
      this.#footer.hidden = false;
      this.#actions.focusComposer();
    };
    const giveUp = () => {
      setDraft(this.#draftPlace, null);
      close();
    };
    const send = () => {
      const sent = field.value.trim() === "" ? null : this.#actions.edit(this.#number, field.value);
      if (sent === null) return;
      close();
      sent.then((isKept) => isKept && setDraft(this.#draftPlace, null));
    };
    field.addEventListener("input", () => setDraft(this.#draftPlace, field.value));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        giveUp();
      } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        send();
      }
    });
    const form = element(
      "div",
      { class: "editing" },
      field,
      element("p", { class: "hint" }, "The answer below stays; this starts another branch beside it."),
      element(
        "div",
        { class: "buttons" },
        element("button", { type: "button", on: { click: giveUp } }, "Cancel"),
        element("button", { type: "button", class: "primary", on: { click: send } }, "Send"),
      ),
    );
    this.#field = field;
    this.#bubble.replaceWith(form);
    this.#footer.hidden = true;
    if (takesFocus) {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    }
  }
}

export class AnswerView {
  #conversation;
  #number;
  #actions;
  #thinking = element("details", { class: "thinking", hidden: true });
  #thinkingSummary = element("summary");
  #thinkingText = new StreamedText("thinking-text");
  #text = new StreamedText();
  #report = element("div", { class: "report" });
  #branches = element("span", { class: "branches" });
  #numbers = element("span", { class: "numbers" });
  #copy;
  #again;
  #footer;
  #reported = null;

  constructor(conversation, number, actions) {
    this.#conversation = conversation;
    this.#number = number;
    this.#actions = actions;
    this.#thinking.append(this.#thinkingSummary, this.#thinkingText.element);
    const copy = iconButton("copy", "Copy this answer as Markdown", () => copyFrom(copy, this.#message.text));
    const again = iconButton("redo", "Answer again", () => actions.regenerate(number), { "data-action": "regenerate" });
    this.#copy = copy;
    this.#again = again;
    this.#footer = element("footer", {}, this.#branches, copy, again, this.#numbers);
    this.element = element(
      "article",
      { class: "answer", "aria-label": this.#message.model ?? "Answer" },
      this.#thinking,
      this.#text.element,
      this.#report,
      this.#footer,
    );
  }

  get #message() {
    return this.#conversation.messages[this.#number];
  }

  // Shows what has changed.
  update(answering) {
    const message = this.#message;
    const isRunning = answering !== null;
    const isThinking = isRunning && answering.state === "thinking";
    this.#thinking.hidden = !message.thinking;
    const seconds = message.thought > 0.1 ? ` for ${message.thought.toFixed(1)} s` : "";
    const summary = isThinking ? "Thinking…" : `Thought${seconds}`;
    if (this.#thinkingSummary.textContent !== summary) this.#thinkingSummary.textContent = summary;
    this.#thinkingText.show(message.thinking ?? "", isThinking);
    this.#text.show(message.text, isRunning);
    this.element.classList.toggle("running", isRunning);
    this.#footer.hidden = isRunning;
    this.#copy.hidden = message.text === "";
    // A failure has its own button for it.
    this.#again.hidden = Boolean(message.failure);
    this.#showReport(message, answering);
    if (!isRunning) {
      showBranches(this.#branches, this.#conversation, this.#number, this.#actions);
      this.#numbers.textContent = numbers(message);
    }
  }

  // Below the text: what is going on, or why the answer ends where it does.
  #showReport(message, answering) {
    const made = answering
      ? progress(answering, this.#actions)
      : (failureNotice(message, this.#number, this.#actions) ?? stopNotice(message, this.#number, this.#actions));
    if (made?.key !== this.#reported) {
      const hadFocus = this.#report.contains(document.activeElement);
      this.#reported = made?.key;
      this.#report.replaceChildren(...(made?.nodes ?? []));
      // "Continue" and its like are gone once they are pressed.
      if (hadFocus) this.#actions.focusComposer();
    }
    // Only the text changes while an answer grows; the pulse beside it goes on.
    const place = made?.text === undefined ? null : this.#report.querySelector(".numbers");
    if (place && place.textContent !== made.text) place.textContent = made.text;
  }
}

// "‹ 2 of 3 ›" where a message has siblings.
function showBranches(place, conversation, number, actions) {
  const all = actions.siblings(conversation, number);
  const at = all.indexOf(number);
  const key = `${at}/${all.length}`;
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.hidden = all.length < 2;
  const go = (step) => actions.choose(all[at + step]);
  place.replaceChildren(
    iconButton("back", "Previous version", () => go(-1), { disabled: at === 0 }),
    element("span", {}, `${at + 1} of ${all.length}`),
    iconButton("forward", "Next version", () => go(1), { disabled: at === all.length - 1 }),
  );
}

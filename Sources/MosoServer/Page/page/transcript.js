// The messages of the conversation that is open, and the scrolling that follows a growing answer.

import { shownMessages } from "./conversation.js";
import { AnswerView, QuestionView } from "./message.js";

// This close to the end counts as being there. In CSS pixels.
const nearby = 32;
// A picture that takes longer than this, in milliseconds, is followed by a rest of so many times as long.
const slowPicture = 24;
const restPerWork = 4;

export class Transcript {
  #scroller;
  #list;
  #latest;
  #actions;
  #conversation = null;
  #answering = null;
  // The shown messages, in order: { number, view }.
  #shown = [];
  #follows = true;
  #lastTop = 0;
  #isDrawing = false;
  #isStale = false;

  constructor(scroller, list, latest, actions) {
    this.#scroller = scroller;
    this.#list = list;
    this.#latest = latest;
    this.#actions = actions;
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    latest.addEventListener("click", () => {
      this.toEnd();
      actions.focusComposer();
    });
    new ResizeObserver(() => this.#keepAtEnd()).observe(list);
  }

  // Shows a conversation, and the answer that is on its way in it, or null. Messages that stay keep their elements.
  show(conversation, answering) {
    const isOther = conversation !== this.#conversation;
    if (isOther) this.#shown = [];
    if (isOther) this.#list.replaceChildren();
    this.#conversation = conversation;
    this.#answering = answering;
    const numbers = shownMessages(conversation);
    let same = 0;
    while (same < this.#shown.length && this.#shown[same].number === numbers[same]) same += 1;
    const focused = this.#focusedFrom(same);
    for (const { view } of this.#shown.splice(same)) view.element.remove();
    for (const number of numbers.slice(same)) {
      const View = conversation.messages[number].role === "user" ? QuestionView : AnswerView;
      const view = new View(conversation, number, this.#actions);
      this.#list.append(view.element);
      this.#shown.push({ number, view });
    }
    for (const { number, view } of this.#shown) view.update(answering?.number === number ? answering : null);
    if (focused !== null && !isOther) this.#focusAgain(same, focused);
    if (isOther) this.toEnd();
  }

  // The name of the control that has the focus in one of the messages from this place on; null where none has.
  #focusedFrom(place) {
    const { activeElement } = document;
    const isThere = this.#shown.slice(place).some(({ view }) => view.element.contains(activeElement));
    return isThere ? (activeElement.getAttribute("aria-label") ?? "") : null;
  }

  // Gives the focus to the control of the same name in the message that took the place, or to one beside it. An answer that
  // is on its way has none yet; what one does next is in the composer then.
  #focusAgain(place, name) {
    const buttons = [...(this.#shown[place]?.view.element.querySelectorAll("footer button") ?? [])];
    const usable = buttons.filter((button) => !button.disabled && button.checkVisibility());
    const wanted = usable.find((button) => button.getAttribute("aria-label") === name);
    const beside = usable.find((button) => button.closest(".branches"));
    if (wanted ?? beside) (wanted ?? beside).focus();
    else this.#actions.focusComposer();
  }

  // The running answer has changed: draws it with the next picture.
  changed() {
    this.#isStale = true;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      const start = performance.now();
      this.#isStale = false;
      const last = this.#shown.find(({ number }) => number === this.#answering?.number);
      last?.view.update(this.#answering);
      // This runs after the picture is made. If that took long, as it may in a paragraph of many thousand words, the next
      // one comes later, so that most of the time is left for what the user does.
      setTimeout(() => {
        const work = performance.now() - start;
        setTimeout(
          () => {
            this.#isDrawing = false;
            if (this.#isStale) this.changed();
          },
          work > slowPicture ? work * restPerWork : 0,
        );
      });
    });
  }

  // Edits the last message of the user.
  editLast() {
    const last = this.#shown.findLast(({ view }) => view instanceof QuestionView);
    last?.view.edit();
    return last !== undefined;
  }

  toEnd() {
    this.#follows = true;
    this.#keepAtEnd();
  }

  #keepAtEnd() {
    if (this.#follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#lastTop = this.#scroller.scrollTop;
    this.#latest.hidden = this.#distance < nearby * 4;
  }

  // Who scrolls up wants to read there; who comes back to the end wants to follow again.
  #scrolled() {
    const moved = this.#scroller.scrollTop - this.#lastTop;
    if (moved < -1) this.#follows = false;
    else if (moved > 0 && this.#distance < nearby) this.#follows = true;
    this.#lastTop = this.#scroller.scrollTop;
    this.#latest.hidden = this.#distance < nearby * 4;
  }

  // From what is seen to the end, in CSS pixels.
  get #distance() {
    return this.#scroller.scrollHeight - this.#scroller.clientHeight - this.#scroller.scrollTop;
  }
}

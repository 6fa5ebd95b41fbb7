// One answer on its way: asks the server, asks again while the server is busy, and writes what comes into the message.

import { requestBody } from "./conversation.js";
import { RequestFailure, streamMessage } from "./requests.js";

const mostAttempts = 6;
// A server that asks for more patience than this is not asked again by itself. In seconds.
const longestWait = 120;

export class Answering {
  // "waiting" for the first word, "retrying" after a pause, "thinking", "writing", "ended".
  state = "waiting";
  // When the state began, and when a pause ends; in milliseconds like performance.now().
  since = performance.now();
  pauseEnds = 0;
  // The failure that ended it, for what its sentence does not say.
  failure = null;

  #conversation;
  #number;
  #model;
  #whenChanged;
  #stopping = new AbortController();
  #endPause = () => {};
  #asked = 0;
  #hasBegun = false;

  // `whenChanged()` is called after every change to the message or to the state.
  constructor(conversation, number, model, whenChanged) {
    this.#conversation = conversation;
    this.#number = number;
    this.#model = model;
    this.#whenChanged = whenChanged;
  }

  get conversation() {
    return this.#conversation;
  }

  get number() {
    return this.#number;
  }

  // How long it has taken so far, in seconds.
  get duration() {
    return (performance.now() - this.#asked) / 1000;
  }

  get #message() {
    return this.#conversation.messages[this.#number];
  }

  // Ends when the answer is complete, stopped or failed; never throws.
  async run() {
    const message = this.#message;
    for (const name of ["failure", "stop", "outputTokens", "pieces", "firstToken", "duration"]) delete message[name];
    message.model = this.#model.id;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#ask();
        break;
      } catch (error) {
        if (this.#stopping.signal.aborted) {
          message.stop = "stopped";
          break;
        }
        const wait = error.wait ?? 2 ** (attempt - 1);
        const isBusy = error instanceof RequestFailure && error.isBusy;
        if (!isBusy || this.#hasBegun || attempt === mostAttempts || wait > longestWait) {
          this.#fail(error);
          break;
        }
        await this.#pause(wait);
        if (this.#stopping.signal.aborted) {
          message.stop = "stopped";
          break;
        }
      }
    }
    if (this.#hasBegun) message.duration = this.duration;
    this.#enter("ended");
  }

  stop() {
    this.#stopping.abort();
    this.#endPause();
  }

  // Ends a pause early.
  tryNow() {
    this.#endPause();
  }

  #enter(state) {
    if (this.state !== state) this.since = performance.now();
    this.state = state;
    this.#whenChanged();
  }

  #fail(error) {
    this.failure = error;
    let sentence = error instanceof RequestFailure ? error.message : `The page failed: ${error.message}`;
    if (error.wait > longestWait) sentence += ` Try again in ${Math.ceil(error.wait / 60)} minutes.`;
    if (error.identifier) sentence += ` (${error.identifier})`;
    this.#message.failure = sentence;
  }

  async #pause(seconds) {
    this.pauseEnds = performance.now() + seconds * 1000;
    this.#enter("retrying");
    await new Promise((resolve) => {
      this.#endPause = resolve;
      setTimeout(resolve, seconds * 1000);
    });
    this.#enter("waiting");
  }

  async #ask() {
    const body = requestBody(this.#conversation, this.#number, this.#model);
    // A text to be continued was sent without the blanks at its end.
    this.#message.text = this.#message.text.trimEnd();
    this.#asked = performance.now();
    for await (const event of streamMessage(body, this.#stopping.signal)) this.#take(event);
  }

  #take(event) {
    const message = this.#message;
    if (event.type === "message_start") {
      if (typeof event.message?.model === "string") message.model = event.message.model;
      this.#takeUsage(event.message?.usage);
    } else if (event.type === "content_block_start") {
      this.#takeText(event.content_block?.text, event.content_block?.thinking);
    } else if (event.type === "content_block_delta") {
      this.#takeText(event.delta?.text, event.delta?.thinking);
    } else if (event.type === "message_delta") {
      if (typeof event.delta?.stop_reason === "string") message.stop = event.delta.stop_reason;
      this.#takeUsage(event.usage);
      this.#whenChanged();
    }
  }

  #takeText(text, thinking) {
    const message = this.#message;
    const [hasText, hasThinking] = [text, thinking].map((value) => typeof value === "string" && value !== "");
    if (!hasText && !hasThinking) return;
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      message.firstToken = this.duration;
    }
    message.pieces = (message.pieces ?? 0) + 1;
    if (hasThinking) {
      message.thinking = (message.thinking ?? "") + thinking;
      this.#enter("thinking");
    }
    if (hasText) {
      if (this.state === "thinking") message.thought = (performance.now() - this.since) / 1000;
      message.text += text;
      this.#enter("writing");
    }
  }

  // Counts are cumulative: a later one takes the place of an earlier one.
  #takeUsage(usage) {
    if (!usage) return;
    const prompt = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"];
    if (Number.isFinite(usage.input_tokens)) {
      this.#message.inputTokens = prompt.reduce((sum, name) => sum + (Number(usage[name]) || 0), 0);
    }
    if (Number.isFinite(usage.output_tokens)) this.#message.outputTokens = usage.output_tokens;
  }
}

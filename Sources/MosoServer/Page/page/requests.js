// Requests to the server's Messages API, and what went wrong with one, in a sentence.

import { serverSentEvents } from "./events.js";
import { apiKey } from "./preferences.js";

const version = "2023-06-01";

// A request that failed. `kind` is the API's error type, or `unreachable`, or `cut` for a stream that ended too early.
export class RequestFailure extends Error {
  constructor(kind, message, { status = 0, wait = null, mayRetry = null, identifier = null } = {}) {
    super(message);
    this.kind = kind;
    this.status = status;
    // How many seconds the server asks to wait; null where it does not say.
    this.wait = wait;
    this.identifier = identifier;
    this.wantsKey = status === 401;
    // Busy servers are worth asking again without the user's doing.
    this.isBusy = mayRetry ?? [429, 503, 529].includes(status);
  }
}

function address(path) {
  // Relative to the page, so that it works behind a proxy that serves it under a longer path.
  return new URL(path, document.baseURI);
}

function headers() {
  const fields = { "anthropic-version": version };
  if (apiKey()) fields["x-api-key"] = apiKey();
  return fields;
}

// Seconds, from `retry-after-ms` or `retry-after`, which is a number of seconds or a date.
function waitIn(response) {
  const milliseconds = parseFloat(response.headers.get("retry-after-ms"));
  if (milliseconds >= 0) return milliseconds / 1000;
  const field = response.headers.get("retry-after");
  if (field === null) return null;
  if (/^\s*[\d.]+\s*$/.test(field)) return parseFloat(field);
  const date = Date.parse(field);
  return Number.isNaN(date) ? null : Math.max(0, (date - Date.now()) / 1000);
}

async function failure(response) {
  let report = null;
  try {
    report = await response.json();
  } catch {
    // A proxy may answer with a page of its own; the status says enough.
  }
  const said = report?.error?.message;
  const retry = response.headers.get("x-should-retry");
  return new RequestFailure(
    String(report?.error?.type ?? "unknown"),
    typeof said === "string" && said !== "" ? said : `The server answered with status ${response.status}.`,
    {
      status: response.status,
      wait: waitIn(response),
      mayRetry: retry === null ? null : retry === "true",
      identifier: report?.request_id ?? response.headers.get("request-id"),
    },
  );
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(address(path), { ...options, headers: { ...headers(), ...options.headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new RequestFailure("unreachable", "The server cannot be reached. Check that it is running, then try again.");
  }
  if (!response.ok) throw await failure(response);
  return response;
}

// The models that the server offers.
export async function listModels() {
  const response = await request("v1/models?limit=1000", { method: "GET" });
  const list = await response.json().catch(() => null);
  if (!Array.isArray(list?.data)) {
    throw new RequestFailure("unknown", "The server's list of models cannot be read.");
  }
  return list.data
    .filter((model) => typeof model?.id === "string")
    .map((model) => ({
      id: model.id,
      name: typeof model.display_name === "string" && model.display_name !== "" ? model.display_name : model.id,
      longestInput: model.max_input_tokens > 0 ? model.max_input_tokens : null,
      longestAnswer: model.max_tokens > 0 ? model.max_tokens : null,
      thinks: model.capabilities?.thinking?.supported === true,
    }));
}

// Asks for a message and gives the stream's events as they come, each a parsed object with a `type`. Ends after
// `message_stop`; an `error` event, or an end before that, is thrown as a failure.
export async function* streamMessage(body, signal) {
  const response = await request("v1/messages", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
  try {
    for await (const { data } of serverSentEvents(response.body)) {
      let event;
      try {
        event = JSON.parse(data);
      } catch {
        throw new RequestFailure("unknown", "The server sent an event that is not JSON.");
      }
      if (event?.type === "error") {
        const kind = String(event.error?.type ?? "unknown");
        throw new RequestFailure(kind, String(event.error?.message ?? "The server reported an error."), {
          identifier: event.request_id,
        });
      }
      if (typeof event?.type === "string") yield event;
      if (event?.type === "message_stop") return;
    }
  } catch (error) {
    if (error instanceof RequestFailure || error.name === "AbortError") throw error;
    throw new RequestFailure("cut", "The connection broke off before the answer was complete.");
  }
  throw new RequestFailure("cut", "The answer ended before it was complete.");
}

// Server-sent events, as the HTML standard has them, read from the body of a response.

// A server that never ends a line must not fill the memory.
const longestEvent = 16 * 1024 * 1024;

// The lines of a stream of bytes; CR, LF and CR LF each end one. Every character is looked at once.
async function* lines(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let unfinished = [];
  let length = 0;
  let endsWithReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      let text = done ? decoder.decode() : decoder.decode(value, { stream: true });
      if (endsWithReturn && text.startsWith("\n")) text = text.slice(1);
      if (text !== "") endsWithReturn = text.endsWith("\r");
      const pieces = text.split(/\r\n|\r|\n/);
      for (const piece of pieces.slice(0, -1)) {
        unfinished.push(piece);
        yield unfinished.join("");
        unfinished = [];
        length = 0;
      }
      unfinished.push(pieces.at(-1));
      length += pieces.at(-1).length;
      if (length > longestEvent) throw new Error("The server sent a line that does not end.");
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// The events of a stream: `{ name, data }`, where data is text. An event that the stream cuts off is dropped.
export async function* serverSentEvents(body) {
  let name = "";
  let data = [];
  let length = 0;
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length > 0) yield { name: name || "message", data: data.join("\n") };
      name = "";
      data = [];
      length = 0;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value.startsWith(" ")) value = value.slice(1);
    if (field === "event") name = value;
    if (field === "data") {
      data.push(value);
      length += value.length;
      if (length > longestEvent) throw new Error("The server sent an event that does not end.");
    }
  }
}

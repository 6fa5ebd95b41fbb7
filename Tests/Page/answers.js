// Stands in for the server where a test has to know what it answers: `plans` says how the next requests for a message end.
// Without a plan a request goes to the server.

(() => {
  const fetchFromServer = window.fetch;
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  window.plans = [];
  window.requests = [];

  window.fetch = async (address, options) => {
    const plan = String(address).endsWith("/v1/messages") ? window.plans.shift() : undefined;
    if (!plan) return fetchFromServer(address, options);
    window.requests.push({ headers: options.headers, body: JSON.parse(options.body) });
    if (plan.unreachable) throw new TypeError("Failed to fetch");
    if (plan.status) {
      const error = { type: plan.type, message: plan.message };
      return new Response(JSON.stringify({ type: "error", error }), { status: plan.status, headers: plan.headers ?? {} });
    }
    return new Response(stream(plan, options.signal), { headers: { "content-type": "text/event-stream" } });
  };

  // `pieces` are texts, or objects: { thinking }, { error }, { wait } in milliseconds.
  function stream(plan, signal) {
    return new ReadableStream({
      async start(controller) {
        signal.addEventListener("abort", () => controller.error(new DOMException("stopped", "AbortError")));
        let open = null;
        let index = -1;
        let count = 0;
        const send = (type, fields) => {
          const text = `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
          controller.enqueue(new TextEncoder().encode(text));
        };
        const block = (type) => {
          if (open === type) return;
          if (open !== null) send("content_block_stop", { index });
          open = type;
          index += 1;
          send("content_block_start", { index, content_block: { type, [type]: "" } });
        };
        const usage = { input_tokens: 7, cache_read_input_tokens: 3, output_tokens: 1 };
        send("message_start", { message: { type: "message", role: "assistant", model: "stand-in", content: [], usage } });
        send("ping", {});
        for (const piece of plan.pieces) {
          if (signal.aborted) return;
          if (piece.wait) {
            await pause(piece.wait);
          } else if (piece.error) {
            send("error", { error: piece.error });
            return controller.close();
          } else if (piece.thinking) {
            block("thinking");
            send("content_block_delta", { index, delta: { type: "thinking_delta", thinking: piece.thinking } });
            count += 1;
          } else {
            block("text");
            send("content_block_delta", { index, delta: { type: "text_delta", text: piece } });
            count += 1;
          }
        }
        if (signal.aborted) return;
        if (plan.isCut) {
          // What has not been read yet would be lost with the stream.
          await pause(100);
          return controller.error(new TypeError("network error"));
        }
        if (open !== null) send("content_block_stop", { index });
        send("message_delta", { delta: { stop_reason: plan.stop ?? "end_turn" }, usage: { output_tokens: count } });
        send("message_stop", {});
        controller.close();
      },
    });
  }
})();

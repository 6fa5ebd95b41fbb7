// Conversations in the browser's database, which holds far more than localStorage. Where there is none (some private
// windows) they last until the page is closed.

const channel = "BroadcastChannel" in window ? new BroadcastChannel("moso") : null;

function finished(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

export class ConversationStore {
  // All conversations by id, as plain values; the database follows.
  conversations = new Map();
  isLasting = false;
  #database = null;
  #whenChanged;

  // `whenChanged(id)` is called when another tab saves or deletes a conversation; `isBusy(id)` protects one that this tab
  // is writing.
  constructor(whenChanged, isBusy) {
    this.#whenChanged = whenChanged;
    channel?.addEventListener("message", async ({ data }) => {
      if (typeof data?.id !== "string" || isBusy(data.id) || !this.#database) return;
      const found = await finished(this.#objects("readonly").get(data.id)).catch(() => undefined);
      if (found) this.conversations.set(data.id, found);
      else this.conversations.delete(data.id);
      this.#whenChanged(data.id);
    });
  }

  async open() {
    try {
      const request = indexedDB.open("moso", 1);
      request.addEventListener("upgradeneeded", () => {
        request.result.createObjectStore("conversations", { keyPath: "id" });
      });
      this.#database = await finished(request);
      const found = await finished(this.#objects("readonly").getAll());
      for (const conversation of found) this.conversations.set(conversation.id, conversation);
      this.isLasting = true;
    } catch {
      this.#database = null;
    }
  }

  #objects(mode) {
    return this.#database.transaction("conversations", mode).objectStore("conversations");
  }

  // Newest first.
  get sorted() {
    return [...this.conversations.values()].sort((one, other) => other.updated - one.updated);
  }

  // Throws where the browser has no room left.
  async save(conversation) {
    this.conversations.set(conversation.id, conversation);
    if (!this.#database) return;
    await finished(this.#objects("readwrite").put(conversation));
    channel?.postMessage({ id: conversation.id });
  }

  async remove(id) {
    this.conversations.delete(id);
    if (!this.#database) return;
    await finished(this.#objects("readwrite").delete(id));
    channel?.postMessage({ id });
  }
}

import Moso

// Fetch
do {
  let model = try await ModelStore.default.pull("smollm2") { progress in
    print(progress.activity, progress.amounts)
  }
  print(model.path)
}

// Load
let model = try await LanguageModel.open("smollm2") { progress in
  if let fraction = progress.fraction { print("fetching: \(Int(fraction * 100)) %") }
}
print(model.name, model.architecture.family, model.architecture.contextLength)

// Look inside
let architecture = model.architecture
print(architecture.layers.count, "layers of width", architecture.width)
print(architecture.attention.headCount, "heads,", architecture.attention.keyValueHeadCount, "of keys and values")

// The machine
let type = ElementType.q4K
print(type, "takes", type.bytesPerBlock, "bytes for", type.elementsPerBlock, "values")
print(ThreadPool.usableThreads, "threads with", ThreadPool.instructionSet)

// Options
var options = GenerationOptions(sampling: model.recommendedSampling)
options.sampling.temperature = 0.2
options.sampling.seed = 7
options.maximumTokens = 40
options.stopStrings = ["\n\n"]
let chat = try Chat(with: model, options: options)

// Chat
for try await text in chat.respond(to: "What is a giant bamboo?") {
  print(text, terminator: "")
}
print()
if let summary = chat.lastSummary {
  print(summary.generatedTokens, "tokens,", summary.stopReason)
}

// Restore
let earlier = [Message(.user, "My name is Ada."), Message(.assistant, "Hello, Ada.")]
chat.restore(Conversation(earlier))
for try await text in chat.respond(to: "What is my name?") {
  print(text, terminator: "")
}
print()

// Generate
let session = try Session(model)
let prompt = model.tokenizer.encode("The capital of France is")
for try await step in session.generate(prompt, options: GenerationOptions(sampling: .greedy, maximumTokens: 8)) {
  switch step {
  case .token(let token): print(token.text, terminator: "")
  case .finished(let summary, let lastText): print(lastText, summary.stopReason)
  }
}

// Tokenize
let tokens = model.tokenizer.encode("Hello there")
print(tokens, model.tokenizer.decode(tokens))

// Embed
let first = try await session.embedding(of: model.tokenizer.encode("a small dog"))
let second = try await session.embedding(of: model.tokenizer.encode("a little puppy"))
print("similarity:", zip(first, second).reduce(0) { $0 + $1.0 * $1.1 })

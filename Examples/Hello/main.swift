import Moso

let model = try await LanguageModel.open("smollm2")
let chat = try Chat(with: model, system: "You answer in one sentence.")
for try await text in chat.respond(to: "Why is the sky blue?") {
  print(text, terminator: "")
}
print()

public import MosoCorpora
import MosoFormats
import MosoModel
import MosoReports
import MosoTensor

/// What people should know of a trained model before they use it: the `README.md` in its folder, with the head that the
/// Hugging Face hub reads.
public struct ModelCard: Sendable {
  /// The file's name in the folder of the model.
  public static let fileName = "README.md"

  private let plan: TrainingPlan
  private let manifest: CorpusManifest
  private let history: RunHistory
  private let digests: [String: String]
  private let threads: Int

  /// - Parameter digests: The SHA-256 of the model's files, by name.
  public init(
    _ plan: TrainingPlan, corpus manifest: CorpusManifest, _ history: RunHistory, digests: [String: String],
    threads: Int
  ) {
    self.plan = plan
    self.manifest = manifest
    self.history = history
    self.digests = digests
    self.threads = threads
  }

  /// The text of the file.
  public var markdown: String {
    var parts = [
      head, "# A \(Markdown.escaped(family)) model of \(count(parameterCount)) parameters", introduction, architecture,
    ]
    parts += ["## What it has learned from", corpus, corpusRemark]
    parts += ["## How it was trained", training]
    parts += ["## How well it predicts"] + results
    parts += ["## How to use it"] + uses
    parts += ["## Files", files]
    parts += ["## Limits", limits]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var design: ModelDesign { plan.design }
  private var parameterCount: Int { design.parameterCount }
  private var family: String { design.configuration["model_type"]?.stringValue ?? design.architecture.family }
  private var isText: Bool { manifest.tokenizerDigest != nil }
  private var tokens: Int { history.steps.last?.tokens ?? 0 }

  private func count(_ number: Int) -> String { NumberFormat.compact(Double(number)) }
  private func whole(_ number: Int) -> String { NumberFormat.significant(Double(number), digits: "\(number)".count) }
  private func percent(_ share: Double) -> String { "\(NumberFormat.compact(100 * share)) %" }
}

// MARK: The model

extension ModelCard {
  /// What the hub reads: one may find the model by it, and it decides which program is offered for it.
  private var head: String {
    var lines = ["---", "library_name: transformers"]
    if isText { lines.append("pipeline_tag: text-generation") }
    lines += ["tags:"] + ["moso", "trained-from-scratch", family].map { "- \(Markdown.yaml($0))" }
    return (lines + ["---"]).joined(separator: "\n")
  }

  private var introduction: String {
    "It gives the probability of each next \(isText ? "token of a text" : "symbol of a sequence"). Moso trained it from "
      + "nothing on a processor, without any other model."
  }

  private var architecture: String {
    let architecture = design.architecture
    let attention = architecture.attention
    var rows = [["family", Markdown.escaped(family)]]
    if let name = design.configuration["architectures"]?.arrayValue?.first?.stringValue {
      rows.append(["class in transformers", "`\(name)`"])
    }
    rows += [
      ["parameters", "\(whole(parameterCount)), of which a token is multiplied by \(whole(design.multipliedCount))"],
      ["layers", whole(architecture.layers.count)],
      ["width", whole(architecture.width)],
      [
        "attention",
        "\(attention.headCount) heads of \(attention.headSize), \(attention.keyValueHeadCount) with keys and values",
      ],
    ]
    if let experts = architecture.feedForward.experts {
      rows.append(["experts", "\(experts.count) in each layer, of which a token meets \(experts.usedCount)"])
    }
    rows += [
      ["context", "\(whole(plan.length)) tokens"],
      ["vocabulary", "\(whole(manifest.vocabularySize)) \(isText ? "tokens" : "symbols")"],
      ["numbers", "32-bit floats"],
    ]
    return Markdown.table(["", ""], rows)
  }
}

// MARK: The run

extension ModelCard {
  private var corpus: String {
    func counts(_ source: CorpusManifest.Source, _ part: CorpusManifest.Part) -> [String] {
      let counts = source.parts[part] ?? CorpusManifest.Counts()
      return [whole(counts.documents), whole(counts.bytes)]
    }
    let rows = manifest.sources.map { source in
      [Markdown.escaped(source.name), NumberFormat.compact(source.weight)] + counts(source, .training)
        + counts(source, .validation)
    }
    let head = ["source", "weight", "documents", "bytes", "documents for validation", "bytes for validation"]
    return Markdown.table(head, numbers: Set(1..<head.count), rows)
  }

  private var corpusRemark: String {
    let training = manifest.counts(of: .training), validation = manifest.counts(of: .validation)
    let duplicates = manifest.sources.reduce(0) { $0 + $1.duplicates }
    let canaries = manifest.sources.reduce(0) { $0 + $1.canaries }
    var sentences = [
      "There are \(whole(training.tokens)) tokens for training, and \(whole(validation.tokens)) in documents for "
        + "validation, from which the model has not learned."
    ]
    if duplicates > 0 { sentences.append("Documents that were there already were left out: \(whole(duplicates)).") }
    if canaries > 0 {
      sentences.append("Documents with a mark that forbids to train on them were left out: \(whole(canaries)).")
    }
    return sentences.joined(separator: " ")
  }

  private var training: String {
    let optimizer = plan.optimizer
    var rows = [
      [
        "optimiser",
        optimizer.method == .muon ? "Muon for the matrices of layers, AdamW for everything else" : "AdamW",
      ],
      ["steps", "\(whole(stepCount)), each of \(whole(plan.sequences)) sequences"],
      ["tokens", "\(whole(tokens)), which is \(NumberFormat.compact(tokensPerParameter)) a parameter"],
      ["highest learning rate", NumberFormat.compact(plan.schedule.peak)],
      ["schedule", schedule],
      ["weight decay", NumberFormat.compact(optimizer.weightDecay)],
      ["longest gradient", optimizer.largestNorm.map { NumberFormat.compact($0) } ?? "any"],
    ]
    if plan.averaging > 0 {
      rows.append(["weights", "a running mean, of which \(NumberFormat.compact(plan.averaging)) stays in a step"])
    }
    rows += [
      [
        "precision",
        plan.precision == .mixed
          ? "products of 16-bit floats (bfloat16), sums and weights of 32 bits" : "32-bit floats",
      ],
      ["seed", "\(plan.seed)"],
      [
        "arithmetic",
        "\(NumberFormat.scientific(plan.operationsPerStep * Double(stepCount))) floating-point operations",
      ],
      ["time", "\(whole(Int(history.seconds.rounded()))) s on \(threads == 1 ? "one thread" : "\(threads) threads")"],
      ["instructions", Markdown.escaped(ThreadPool.instructionSet)],
    ]
    return Markdown.table(["", ""], rows)
  }

  private var tokensPerParameter: Double { Double(tokens) / Double(max(parameterCount, 1)) }
  private var stepCount: Int { history.steps.last?.step ?? 0 }

  private var schedule: String {
    let schedule = plan.schedule
    let end = "\(percent(schedule.finalShare)) of the highest rate"
    let fall =
      switch schedule.shape {
      case .constant: "then level"
      case .linear: "then straight down to \(end)"
      case .cosine: "then down half a cosine to \(end)"
      case .stable: "level, and straight down to \(end) in the last \(percent(schedule.decayShare)) of the run"
      }
    return "up until step \(whole(schedule.warmupSteps)), \(fall)"
  }

  private var results: [String] {
    guard let look = history.looks.last else { return ["Nobody has measured it."] }
    var rows = [["validation loss", "\(NumberFormat.significant(look.loss, digits: 4)) nats a token"]]
    if isText { rows.append(["bits per byte", NumberFormat.significant(look.bitsPerByte, digits: 4)]) }
    if let least = look.leastLoss {
      rows.append(["least possible loss", "\(NumberFormat.significant(least, digits: 4)) nats a token"])
      rows.append(["above the least possible", "\(NumberFormat.significant(look.loss - least)) nats a token"])
    }
    guard let questions = look.questions, questions.asked > 0 else { return [Markdown.table(["", ""], rows)] }
    rows.append(["questions", "\(percent(questions.accuracy)) of \(whole(questions.asked)) answered right"])
    let kinds = questions.kinds.sorted { $0.key < $1.key }.map { kind, tally in
      [Markdown.escaped(kind), whole(tally.asked), percent(Double(tally.right) / Double(max(tally.asked, 1)))]
    }
    return [
      Markdown.table(["", ""], rows),
      "The questions are about stories of a world that no training text is from. An answer is right when the model finds "
        + "each of its tokens likeliest.",
      kinds.isEmpty ? "" : Markdown.table(["question", "asked", "right"], numbers: [1, 2], kinds),
    ]
  }
}

// MARK: The files

extension ModelCard {
  private var uses: [String] {
    guard isText else {
      return [
        "Its symbols are numbers and have no tokenizer. In transformers, `model` being the folder of this file:",
        Markdown.code(
          "python",
          """
          import torch
          from transformers import AutoModelForCausalLM

          model = AutoModelForCausalLM.from_pretrained("./model")
          print(model(torch.tensor([[\(manifest.documentStart)]])).logits)
          """),
      ]
    }
    return [
      "With Moso, `model` being the folder of this file:",
      Markdown.code(
        "sh",
        """
        moso chat ./model
        moso quantize ./model --to Q8_0 --output model.gguf   # smaller, and for llama.cpp too
        """),
      "In transformers:",
      Markdown.code(
        "python",
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer, model = AutoTokenizer.from_pretrained("./model"), AutoModelForCausalLM.from_pretrained("./model")
        tokens = model.generate(**tokenizer("Once", return_tensors="pt"), max_new_tokens=50)
        print(tokenizer.decode(tokens[0], skip_special_tokens=True))
        """),
    ]
  }

  private var files: String {
    Markdown.table(
      ["file", "SHA-256"],
      digests.sorted { $0.key < $1.key }.map { ["`\($0.key)`", "`\($0.value)`"] })
  }

  private var limits: String {
    var lines = [
      "It goes on with \(isText ? "texts" : "sequences") like those it has learned from, and knows nothing else."
    ]
    if isText {
      lines += [
        "It has not learned to follow instructions or to converse: `moso chat` opens it, and it goes on with what you type.",
        "What it says is likely, which is not to say that it is true. Nobody has looked for prejudice or harm in it.",
      ]
    }
    lines.append("It has met at most \(whole(plan.length)) \(isText ? "tokens" : "symbols") in a row.")
    return lines.map { "- \($0)" }.joined(separator: "\n")
  }
}

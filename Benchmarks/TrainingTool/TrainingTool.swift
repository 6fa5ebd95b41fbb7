import MosoFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the scripts call to compare training, and what comes before it, with other programs. Each prints an object of JSON.
///
/// - `steps CONFIG LENGTH SEQUENCES STEPS PRECISION THREADS [LANES]`: times steps of a model on random tokens.
/// - `stories FILE BYTES`: writes stories of the world as JSON lines, until their texts have so many bytes.
/// - `learn-tokenizer FILE SPLITS VOCABULARY THREADS RESULT`: learns a tokenizer from all texts of a file, and writes it.
/// - `prepare FILE TOKENIZER FOLDER THREADS`: cuts the texts of a file into tokens, and writes the corpus into a folder.
@main
struct TrainingTool {
  static func main() {
    do {
      print(JSONValue.object(try run(CommandLine.arguments)).serialized())
    } catch {
      print("error: \(error)")
      exit(1)
    }
  }

  static func run(_ arguments: [String]) throws -> JSONObject {
    let values = Array(arguments.dropFirst(2))
    switch arguments.dropFirst().first {
    case "steps": return try StepTiming(values).run()
    case "stories" where values.count == 2:
      return try CorpusTiming.writeStories(to: values[0], bytes: number(values[1]))
    case "learn-tokenizer" where values.count == 5:
      return try CorpusTiming.learnTokenizer(
        from: values[0], splits: values[1], vocabularySize: number(values[2]), threads: number(values[3]),
        to: values[4])
    case "prepare" where values.count == 4:
      return try CorpusTiming.prepare(values[0], tokenizer: values[1], folder: values[2], threads: number(values[3]))
    default: throw Usage()
    }
  }

  static func number(_ argument: String) throws(Usage) -> Int {
    guard let number = Int(argument), number > 0 else { throw Usage() }
    return number
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    """
    usage: TrainingTool steps CONFIG LENGTH SEQUENCES STEPS f32|bf16 THREADS [LANES] | stories FILE BYTES \
    | learn-tokenizer FILE SPLITS VOCABULARY THREADS RESULT | prepare FILE TOKENIZER FOLDER THREADS
    """
  }
}

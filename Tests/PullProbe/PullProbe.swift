import MosoHub

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pulls one model into a store and says where it is: a process of its own, for tests that kill it, starve it of disk,
/// or run several at once.
///
/// The arguments are the store's folder and the reference; the hub is what `HF_ENDPOINT` says.
@main
struct PullProbe {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      print("usage: PullProbe FOLDER REFERENCE")
      exit(2)
    }
    var hub = HubSettings(environment: CacheLocation.environment)
    hub.huggingFaceFolder = nil
    hub.silenceTimeout = .seconds(300)
    do {
      let model = try await ModelStore(folder: arguments[1], hub: hub).pull(arguments[2])
      print(model.path)
    } catch {
      print(error)
      exit(1)
    }
  }
}

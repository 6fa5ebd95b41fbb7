#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where models are kept on this machine, as the environment says.
public enum CacheLocation {
  /// The environment of this process.
  public static var environment: [String: String] { ProcessInfo.processInfo.environment }

  /// The folder of the model store: `$MOSO_HOME`, else `$XDG_CACHE_HOME/moso`, else `~/.cache/moso`
  /// (`~/Library/Caches/moso` on macOS).
  public static func storeFolder(environment: [String: String] = environment) -> String {
    if let folder = setting("MOSO_HOME", in: environment) { return absolute(folder) }
    // The specification of these variables says that a relative path there is to be ignored.
    if let folder = setting("XDG_CACHE_HOME", in: environment), folder.hasPrefix("/") {
      return FilePaths.join(folder, "moso")
    }
    #if canImport(Darwin)
      return FilePaths.join(homeFolder(environment: environment), "Library/Caches/moso")
    #else
      return FilePaths.join(homeFolder(environment: environment), ".cache/moso")
    #endif
  }

  /// The folder in which Hugging Face's own tools keep downloads: `$HF_HUB_CACHE`, else `$HF_HOME/hub`, else
  /// `~/.cache/huggingface/hub`.
  static func huggingFaceFolder(environment: [String: String] = environment) -> String {
    if let folder = setting("HF_HUB_CACHE", in: environment) { return absolute(folder) }
    if let folder = setting("HF_HOME", in: environment) { return FilePaths.join(absolute(folder), "hub") }
    if let folder = setting("XDG_CACHE_HOME", in: environment), folder.hasPrefix("/") {
      return FilePaths.join(folder, "huggingface/hub")
    }
    return FilePaths.join(homeFolder(environment: environment), ".cache/huggingface/hub")
  }

  static func homeFolder(environment: [String: String] = environment) -> String {
    setting("HOME", in: environment) ?? FileManager.default.homeDirectoryForCurrentUser.path
  }

  /// A variable that is set and not empty.
  static func setting(_ name: String, in environment: [String: String]) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The path with `~` and the working folder filled in, because a child process may run in another folder.
  static func absolute(_ path: String) -> String {
    if path == "~" || path.hasPrefix("~/") { return homeFolder() + path.dropFirst(1) }
    if path.hasPrefix("/") { return path }
    return FilePaths.join(FileManager.default.currentDirectoryPath, path)
  }
}

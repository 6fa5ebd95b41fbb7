import HTTPTypes
import Hummingbird
import NIOCore

/// The web page and the document of the API, out of the program itself.
struct PageRoutes: Sendable {
  /// Whether there is a page.
  let hasPage: Bool

  func add(to table: inout RouteTable) {
    table.add(.get, "/openapi.json", isOpen: true) { _ in
      reply(PackageResources.openapi_json, "application/json")
    }
    guard hasPage else { return }
    for (path, bytes) in PageFiles.all {
      let type = PageFiles.type(of: path)
      table.add(.get, path == "/index.html" ? "/" : path, isOpen: true) { _ in reply(bytes, type) }
    }
  }

  private func reply(_ bytes: [UInt8], _ type: String) -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: type, .contentLength: "\(bytes.count)", .cacheControl: "no-cache",
        .contentSecurityPolicy: PageFiles.policy,
      ],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

import Foundation
import Testing

@testable import MosoServer

@Suite("PageFiles") struct PageFilesTests {
  private static var folder: String {
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Sources/MosoServer/Page"
  }

  @Test("Every file of the page is served, as it stands in the folder") func files() throws {
    let found = try FileManager.default.subpathsOfDirectory(atPath: Self.folder).filter { $0.contains(".") }
    #expect(Set(found.map { "/" + $0 }) == Set(PageFiles.all.map(\.path)))
    for (path, bytes) in PageFiles.all {
      let data = try Data(contentsOf: URL(fileURLWithPath: Self.folder + path))
      #expect(Array(data) == bytes, "\(path)")
    }
  }
}

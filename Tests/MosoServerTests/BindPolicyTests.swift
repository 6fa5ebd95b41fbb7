import MosoServer
import Testing

/// Where a server may listen.
@Suite("BindPolicy") struct BindPolicyTests {
  @Test(
    "Beyond this machine a server listens only when a key is needed",
    arguments: [
      "0.0.0.0", "::", "[::]", "192.168.1.5", "10.0.0.1", "models.example", "my-machine", "128.0.0.1", "fe80::1%eth0",
      "::1%lo", "localhost.example", "::ffff:10.0.0.1",
    ])
  func otherMachines(text: String) throws {
    let address = try BindAddress(text)
    #expect(throws: BindError.open(address)) { try BindPolicy.check(address, needsKey: false) }
    try BindPolicy.check(address, needsKey: true)
    #expect(BindError.open(address).description.contains("moso keys add"))
  }

  @Test(
    "On this machine and at a socket in the file system it listens without keys too",
    arguments: [
      "127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]", "::ffff:127.0.0.1", "unix:moso.socket",
      "/run/moso.socket",
    ])
  func thisMachine(text: String) throws {
    try BindPolicy.check(BindAddress(text), needsKey: false)
  }

  @Test(
    "What is no address is refused with a sentence",
    arguments: [
      "", " ", "127.1", "0", "0x7f000001", "256.0.0.1", "unix:", "a b", "localhost:8642", "127.0.0.1:80", "http://a",
      "a%b",
      "fe80::1%", "fe80::1%a b", "1.2.3.4%lo", "*", "[::1",
    ])
  func malformed(text: String) {
    #expect(throws: BindError.malformed(text)) { try BindAddress(text) }
    #expect(BindError.malformed(text).description.contains("127.0.0.1"))
  }

  @Test("An address is written as it was meant")
  func descriptions() throws {
    #expect(try BindAddress("fe80::1%eth0").description == "fe80:0:0:0:0:0:0:1%eth0")
    #expect(try BindAddress("/run/a b").description == "unix:/run/a b")
    #expect(try BindAddress("LocalHost").description == "localhost")
  }
}

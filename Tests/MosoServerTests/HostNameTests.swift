import MosoServer
import Testing

/// Hosts, with perhaps a port, as headers and settings write them.
@Suite("HostName and HostAuthority") struct HostNameTests {
  @Test(
    "Every spelling of a host is the same host",
    arguments: [
      ("localhost", "LOCALHOST."), ("Models.Example", "models.example"), ("127.0.0.1", "127.0.0.1"),
      ("[::1]", "[0:0:0:0:0:0:0:1]"), ("[::1]", "[0000::0001]"), ("[2001:DB8::a:0]", "[2001:db8:0:0::A:0]"),
      ("[::ffff:127.0.0.1]", "[::FFFF:7f00:1]"), ("3f2a-host_1", "3F2A-HOST_1"),
    ])
  func equal(one: String, other: String) throws {
    let host = try #require(HostName(one))
    #expect(host == HostName(other))
  }

  @Test(
    "Other hosts are other hosts",
    arguments: [
      ("localhost", "localhost.localdomain"), ("127.0.0.1", "127.0.0.2"), ("127.0.0.1", "[::ffff:127.0.0.1]"),
      ("[::1]", "[1::]"), ("[::1]", "[::2]"), ("a.example", "b.example"),
    ])
  func different(one: String, other: String) throws {
    let host = try #require(HostName(one))
    #expect(try host != #require(HostName(other)))
  }

  @Test(
    "What is no host is not taken for one",
    arguments: [
      "", ".", "..", "localhost..", ".localhost", "a..b", "a b", " a", "a ", "a\tb", "a\u{0}", "a@b", "a/b", "a\\b",
      "a?b", "a#b", "a%62", "bücher.example", "xn--\u{301}", "127.1", "127.0.0.1.", "127.0.0.01", "0177.0.0.1",
      "0x7f.0.0.1", "0x7f000001", "0X", "2130706433", "127.0.0.256", "1.2.3.4.5", "[", "]", "[]", "[::1", "::1]", "::1",
      "[::1]x", "[:1]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[:::]", "[12345::]", "[+1::]", "[-1::]",
      "[::1%lo]", "[::1%25lo]", "[::127.0.0.1:1]", "[::1.2.3]", "[v1.x]", "[127.0.0.1]", "[1:2:3:4:5:6:7::8]",
      String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "a",
    ])
  func malformed(text: String) {
    #expect(HostName(text) == nil)
  }

  @Test("The longest labels and names are hosts")
  func longest() {
    #expect(HostName(String(repeating: "a", count: 63)) != nil)
    #expect(HostName(String(repeating: "a.", count: 126) + "a.") != nil)
    #expect(HostName("[1:2:3:4:5:6:7::]") == HostName("[1:2:3:4:5:6:7:0]"))
    #expect(HostName("[1111:2222:3333:4444:5555:6666:255.255.255.255]") != nil)
  }

  @Test(
    "Only addresses that stay on this machine are loopback",
    arguments: [
      ("localhost", true), ("LocalHost.", true), ("127.0.0.1", true), ("127.9.9.9", true), ("[::1]", true),
      ("[::ffff:127.0.0.1]", true), ("128.0.0.1", false), ("0.0.0.0", false), ("[::]", false), ("[::2]", false),
      ("[::ffff:10.0.0.1]", false), ("[1::ffff:7f00:1]", false), ("localhost.example", false), ("my-machine", false),
    ])
  func loopback(text: String, isLoopback: Bool) throws {
    #expect(try #require(HostName(text)).isLoopback == isLoopback)
  }

  @Test(
    "A port is up to five digits, or none",
    arguments: [
      ("localhost", nil), ("localhost:", nil), ("localhost:0", 0), ("localhost:8642", 8642), ("[::1]:65535", 65_535),
      ("127.0.0.1:00080", 80),
    ] as [(String, Int?)])
  func ports(text: String, port: Int?) throws {
    #expect(try #require(HostAuthority(text)).port == port)
  }

  @Test(
    "What is no port makes the whole malformed",
    arguments: [
      "localhost:65536", "localhost:99999", "localhost:000080", "localhost:+80", "localhost:-1", "localhost:8o",
      "localhost:80:80", "localhost: 80", "localhost:80 ", "localhost:٨٠", "[::1]80", "[::1]:x", ":80", "::1:80",
      "user@localhost:80", "user:password@localhost", "localhost:80/", "a,b", "localhost,localhost",
    ])
  func malformedAuthority(text: String) {
    #expect(HostAuthority(text) == nil)
  }

  @Test("A host is written as a URL has it")
  func descriptions() {
    #expect(HostName("A.Example.")?.description == "a.example")
    #expect(HostName("10.20.30.255")?.description == "10.20.30.255")
    #expect(HostName("[2001:db8::1]")?.description == "[2001:db8:0:0:0:0:0:1]")
  }
}

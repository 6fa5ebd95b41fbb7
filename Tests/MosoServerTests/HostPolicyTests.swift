import MosoServer
import Testing

/// Who is let in by the headers `Host` and `Origin`.
@Suite("HostPolicy") struct HostPolicyTests {
  private func policy(
    _ address: String, hosts: [String] = [], origins: [String] = [], needsKey: Bool = false
  ) throws -> HostPolicy {
    HostPolicy(
      address: try BindAddress(address), allowedHosts: try hosts.map { try #require(HostName(unbracketed: $0)) },
      allowedOrigins: try origins.map { try #require(WebOrigin($0)) }, needsKey: needsKey)
  }

  private func refusal(_ policy: HostPolicy, _ hosts: [String], _ origins: [String] = []) -> AccessRefusal? {
    do throws(AccessRefusal) {
      _ = try policy.check(hosts: hosts, origins: origins)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "A server on the loopback address has its names, at any port",
    arguments: [
      "localhost", "localhost:8642", "LOCALHOST:1", "localhost.", "127.0.0.1", "127.0.0.1:3000", "[::1]:8642",
      "[0:0::1]", "moso.example:443", "127.0.0.3",
    ])
  func loopbackNames(host: String) throws {
    #expect(try refusal(policy("127.0.0.3", hosts: ["Moso.Example."]), [host]) == nil)
  }

  @Test(
    "Another name that leads to the loopback address is refused, key or not",
    arguments: [
      "evil.example", "evil.example:8642", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0:8642",
      "127.0.0.2", "[::]", "[::ffff:127.0.0.1]", "localhost.localdomain", "local-host", "192.168.1.5",
    ])
  func rebinding(host: String) throws {
    for needsKey in [false, true] {
      let refusal = try #require(try refusal(policy("127.0.0.1", needsKey: needsKey), [host]))
      #expect(refusal == .unknownHost(host))
      #expect(refusal.status == 403)
    }
  }

  @Test("A request without exactly one well-formed host is malformed, wherever the server listens")
  func malformedHosts() throws {
    for address in ["127.0.0.1", "0.0.0.0", "/run/moso.socket"] {
      let policy = try policy(address, needsKey: true)
      #expect(refusal(policy, []) == .missingHost)
      #expect(refusal(policy, ["localhost", "localhost"]) == .severalHosts)
      #expect(refusal(policy, ["localhost", "evil.example"]) == .severalHosts)
      #expect(refusal(policy, [""]) == .malformedHost(""))
      #expect(refusal(policy, ["evil.example@localhost"]) == .malformedHost("evil.example@localhost"))
      #expect(refusal(policy, ["[fe80::1%25eth0]"]) == .malformedHost("[fe80::1%25eth0]"))
      #expect(refusal(policy, ["localhost:http"])?.status == 400)
    }
  }

  @Test("Beyond this machine a server with keys has any name, until its names are given")
  func otherMachines() throws {
    #expect(try refusal(policy("0.0.0.0", needsKey: true), ["anything.example"]) == nil)
    let named = try policy("0.0.0.0", hosts: ["models.example"], needsKey: true)
    #expect(refusal(named, ["models.example:8642"]) == nil)
    #expect(refusal(named, ["localhost"]) == nil)
    #expect(refusal(named, ["anything.example"]) == .unknownHost("anything.example"))
    let open = try policy("192.168.1.5", needsKey: false)
    #expect(refusal(open, ["192.168.1.5:8642"]) == nil)
    #expect(refusal(open, ["anything.example"]) == .unknownHost("anything.example"))
  }

  @Test("A socket in the file system has any name, until its names are given")
  func unixSocket() throws {
    #expect(try refusal(policy("unix:moso.socket"), ["anything"]) == nil)
    #expect(try refusal(policy("/moso.socket", hosts: ["a.example"]), ["b.example"]) == .unknownHost("b.example"))
  }

  @Test(
    "A page of this server is let in, by whatever name it was fetched",
    arguments: [
      ("localhost:8642", "http://localhost:8642"), ("LOCALHOST:8642", "http://localhost:8642"),
      ("127.0.0.1:8642", "http://127.0.0.1:8642"), ("[::1]:8642", "http://[::1]:8642"),
      ("localhost", "http://localhost"), ("localhost:80", "http://localhost"), ("localhost", "https://localhost:443"),
      ("localhost:8642", "https://localhost:8642"),
    ])
  func sameOrigin(host: String, origin: String) throws {
    #expect(try policy("127.0.0.1").check(hosts: [host], origins: [origin]) == nil)
  }

  @Test(
    "A page of anybody else is refused",
    arguments: [
      "http://evil.example", "https://localhost", "http://localhost:3000", "http://127.0.0.1:8642",
      "http://localhost.evil.example:8642", "http://app.example:444", "http://app.example", "https://sub.app.example",
      "https://app.example.evil.example", "chrome-extension://abcdef",
    ])
  func foreignOrigins(origin: String) throws {
    let policy = try policy("127.0.0.1", origins: ["https://app.example"])
    #expect(refusal(policy, ["localhost:8642"], [origin]) == .foreignOrigin(origin))
    #expect(AccessRefusal.foreignOrigin(origin).status == 403)
  }

  @Test("A page that does not say where it is from is refused")
  func nullOrigin() throws {
    let policy = try policy("127.0.0.1", origins: ["https://app.example"])
    #expect(refusal(policy, ["localhost"], ["null"]) == .nullOrigin)
    #expect(AccessRefusal.nullOrigin.status == 403)
  }

  @Test(
    "An origin that is none is malformed",
    arguments: [
      "", "Null", "localhost", "//localhost", "http:localhost", "http:/localhost", "http://", "http://localhost/",
      "http://localhost/x", "http://a@localhost", "http://localhost?x", "http://a http://b", "http://a, http://b",
      "1http://localhost", "ht tp://localhost", "://localhost", "http://localhost:99999", "http://*", "*",
      "https://app.example https://app.example", String(repeating: "a", count: 600) + "://b",
    ])
  func malformedOrigins(origin: String) throws {
    let policy = try policy("127.0.0.1", origins: ["https://app.example"])
    #expect(refusal(policy, ["localhost"], [origin]) == .malformedOrigin(origin))
  }

  @Test("Two origins are refused even when each is allowed")
  func severalOrigins() throws {
    let policy = try policy("127.0.0.1", origins: ["https://app.example"])
    #expect(refusal(policy, ["localhost"], ["https://app.example", "https://app.example"]) == .severalOrigins)
  }

  @Test("An allowed page is named in the answer as it named itself, and gets no credentials")
  func grant() throws {
    let policy = try policy("127.0.0.1", origins: ["https://app.example", "tauri://localhost"])
    let grant = try #require(try policy.check(hosts: ["localhost"], origins: ["https://APP.example:443"]))
    let fields = Dictionary(uniqueKeysWithValues: grant.fields.map { ($0.name, $0.value) })
    #expect(fields["access-control-allow-origin"] == "https://APP.example:443")
    #expect(fields["vary"] == "Origin")
    #expect(fields["access-control-expose-headers"]?.contains("request-id") == true)
    #expect(fields["access-control-allow-credentials"] == nil)
    #expect(try policy.check(hosts: ["localhost"], origins: ["tauri://localhost"]) != nil)
  }

  @Test(
    "A browser that asks first hears which methods and headers it may use",
    arguments: [
      (nil, "authorization, content-type, x-api-key"), ("X-Stainless-OS,content-type", "x-stainless-os, content-type"),
      (" a ,\tb\t", "a, b"), ("a\r\nevil: 1", "authorization, content-type, x-api-key"),
      ("a b", "authorization, content-type, x-api-key"), ("a,,b", "a, b"),
      ("", "authorization, content-type, x-api-key"),
      ("a, ", "authorization, content-type, x-api-key"),
      (String(repeating: "a,", count: 65), "authorization, content-type, x-api-key"),
    ] as [(String?, String)])
  func preflight(requested: String?, allowed: String) throws {
    let grant = try policy("127.0.0.1", origins: ["https://app.example"])
      .check(hosts: ["localhost"], origins: ["https://app.example"])
    let fields = try #require(grant).preflightFields(requestedHeaders: requested)
    let values = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
    #expect(values["access-control-allow-headers"]?.hasPrefix(allowed) == true)
    #expect(values["access-control-allow-methods"] == "GET, HEAD, POST")
    #expect(values["access-control-allow-origin"] == "https://app.example")
    #expect(values["vary"]?.contains("Origin") == true)
  }
}

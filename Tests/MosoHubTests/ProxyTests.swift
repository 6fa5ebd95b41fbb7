import NIOHTTP1
import Testing

@testable import MosoHub

@Suite("Proxies") struct ProxyTests {
  @Test("The variables for proxies are read as other programs read them")
  func environment() {
    func proxy(_ endpoint: String, _ environment: [String: String]) -> String? {
      HubSettings(environment: environment.merging(["HF_ENDPOINT": endpoint]) { $1 }).proxy
    }
    let both = ["HTTPS_PROXY": "http://a:1", "http_proxy": "http://b:2"]
    #expect(proxy("https://huggingface.co", both) == "http://a:1")
    #expect(proxy("http://huggingface.co", both) == "http://b:2")
    #expect(proxy("http://huggingface.co", ["HTTP_PROXY": "http://b:2"]) == nil)
    #expect(proxy("https://huggingface.co", ["ALL_PROXY": "c:3"]) == "c:3")
    for exception in ["*", "huggingface.co", "x, .huggingface.co", "co"] {
      #expect(proxy("https://huggingface.co", ["HTTPS_PROXY": "a:1", "NO_PROXY": exception]) == nil)
    }
    #expect(proxy("https://huggingface.co", ["HTTPS_PROXY": "a:1", "NO_PROXY": "face.co,.org,"]) == "a:1")
  }

  @Test(
    "A proxy that is no address is named without its password",
    arguments: ["https://x", "socks5://me:secret@", "http://"])
  func bad(text: String) {
    let error = #expect(throws: HubError.self) { try ProxyAddress(text) }
    #expect(!"\(String(describing: error))".contains("secret"))
  }

  @Test("Addresses have a host, a port, and perhaps a user") func parts() throws {
    #expect(try ProxyAddress("proxy.example:3128").port == 3_128)
    #expect(try ProxyAddress("http://me:p%40ss@proxy.example").host == "proxy.example")
  }

  @Test("Everything goes through the proxy, and the token is still for the hub alone") func pull() async throws {
    var repository = FakeHub.Repository.safetensors(bytes: 5_000)
    repository.token = "hf_secret"
    try await FakeHub.run(["tiny/x": repository]) { hub in
      let port = try #require(WebAddress(hub.endpoint)).port
      try await FakeProxy.run(ports: ["hub.invalid": port]) { proxy in
        let scratch = try Scratch()
        var settings = HubSettings.quick("http://hub.invalid", token: "hf_secret")
        settings.proxy = proxy.url
        let model = try await ModelStore(folder: scratch.path("store"), hub: settings).pull("hf:tiny/x")
        #expect(try contents(model.path) == sampleBytes(5_000))
        #expect(proxy.tunnels.contains { $0.hasPrefix("CONNECT hub.invalid:80 ") })
        #expect(proxy.tunnels.contains { $0.hasPrefix("CONNECT 127.0.0.1:") })
        // `printf 'me:p@ss' | base64`
        #expect(proxy.tunnels.allSatisfy { $0.lowercased().contains("proxy-authorization: basic bwu6cebzcw==") })
        #expect(proxy.tunnels.allSatisfy { !$0.contains("hf_secret") })
        for request in hub.requests {
          let shown = request.headers.first(name: "Authorization")
          #expect(shown == (request.port == .hub ? "Bearer hf_secret" : nil))
        }
      }
    }
  }
}

/// How a hub is reached.
public struct HubSettings: Sendable, Hashable {
  /// The address of the hub, without a slash at its end.
  public var endpoint: String
  /// What is shown to the hub, and to nobody else, as proof of who asks.
  public var token: String?
  /// The folder where Hugging Face's own tools keep models; complete ones there are used in place. `nil` to not look.
  public var huggingFaceFolder: String?
  /// The address of the proxy that stands between, such as `http://user:password@proxy:3128`; `nil` for none.
  public var proxy: String?
  /// When a request that failed is sent again.
  public var retries: RetryPolicy
  /// How long a connection may take to be made.
  public var connectTimeout: Duration
  /// How long a server may stay silent in the middle of an answer.
  public var silenceTimeout: Duration

  /// Settings that do not depend on the environment.
  public init(
    endpoint: String = "https://huggingface.co", token: String? = nil, huggingFaceFolder: String? = nil,
    proxy: String? = nil, retries: RetryPolicy = RetryPolicy(), connectTimeout: Duration = .seconds(15),
    silenceTimeout: Duration = .seconds(60)
  ) {
    self.endpoint = endpoint
    self.token = token
    self.huggingFaceFolder = huggingFaceFolder
    self.proxy = proxy
    self.retries = retries
    self.connectTimeout = connectTimeout
    self.silenceTimeout = silenceTimeout
  }

  /// The settings that `HF_ENDPOINT`, `HF_TOKEN`, `HF_HOME` and `HF_HUB_CACHE` make, and the usual variables for a
  /// proxy: `HTTPS_PROXY`, `http_proxy`, `ALL_PROXY`, `NO_PROXY`.
  public init(environment: [String: String]) {
    var endpoint = CacheLocation.setting("HF_ENDPOINT", in: environment) ?? "https://huggingface.co"
    while endpoint.hasSuffix("/") { endpoint.removeLast() }
    self.init(
      endpoint: endpoint, token: CacheLocation.setting("HF_TOKEN", in: environment),
      huggingFaceFolder: CacheLocation.huggingFaceFolder(environment: environment),
      proxy: ProxyAddress.setting(for: endpoint, in: environment))
  }
}

public import MosoEngine
import MosoTensor

extension ServerSettings {
  /// How each model's engine shares out memory and time.
  public var servingOptions: ServingOptions {
    var options = ServingOptions()
    options.contextLength = context
    if let cache { options.cacheType = cache.elementType }
    options.cacheBytes = keyValueMemory
    options.running = running
    options.waiting = waiting
    options.promptTokens = promptTokens
    options.promptTokensBesideAnswers = promptTokensBesideAnswers
    return options
  }
}

extension CacheElement {
  fileprivate var elementType: ElementType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .q8_0: .q8_0
    }
  }
}

public import MosoConversation

extension SamplingRequest {
  /// What a model recommends, changed as this request says.
  ///
  /// - Throws: `RequestError` that names the first value out of range.
  public func parameters(over recommended: SamplingParameters) throws(RequestError) -> SamplingParameters {
    var parameters = recommended
    if let temperature { parameters.temperature = Float(temperature) }
    if let topP { parameters.topP = Float(topP) }
    if let topK { parameters.topK = topK }
    if let minP { parameters.minP = Float(minP) }
    if let presencePenalty { parameters.presencePenalty = Float(presencePenalty) }
    if let frequencyPenalty { parameters.frequencyPenalty = Float(frequencyPenalty) }
    if let repetitionPenalty { parameters.repetitionPenalty = Float(repetitionPenalty) }
    if let logitBias { parameters.logitBias = logitBias.mapValues { Float($0) } }
    parameters.seed = seed
    do throws(SamplingParameterError) { try parameters.validate() } catch {
      throw RequestError(.invalidRequest, "\(error)", field: error.parameter)
    }
    return parameters
  }
}

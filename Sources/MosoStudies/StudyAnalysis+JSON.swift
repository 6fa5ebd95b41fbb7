package import MosoFormats
import MosoScaling

extension StudyAnalysis {
  /// What `moso scale fit --json` says.
  package var json: JSONObject {
    var constants = JSONObject()
    for (index, name) in ChinchillaLaw.constantNames.enumerated() {
      let interval = fit.interval { $0.constants[index] }
      constants[name] = [
        "value": .number(fit.law.constants[index]), "lower": .number(interval.lower), "upper": .number(interval.upper),
      ]
    }
    var kaplan = JSONObject()
    for (name, value) in zip(KaplanLaw.constantNames, self.kaplan.law.constants) { kaplan[name] = .number(value) }
    kaplan["error"] = .number(self.kaplan.error)
    var result: JSONObject = [
      "runs": .integer(runs.count), "law": .object(constants),
      "error": .number(fit.error), "kaplan": .object(kaplan), "exponents": .object(exponents),
      "checks": .array(checks.map { .object($0.json) }),
    ]
    if let repeated {
      var law = JSONObject()
      for (name, value) in zip(DataConstrainedLaw.constantNames, repeated.law.constants) { law[name] = .number(value) }
      law["error"] = .number(repeated.error)
      result["data_constrained"] = .object(law)
    }
    if let leastLoss { result["true_irreducible"] = .number(leastLoss) }
    if let irreducibleError { result["irreducible_error"] = .number(irreducibleError) }
    return result
  }

  /// How the best number of parameters grows with compute, by each approach.
  private var exponents: JSONObject {
    let interval = fit.interval { $0.bestParametersExponent }
    var result: JSONObject = [
      "approach_3": .number(fit.law.bestParametersExponent),
      "approach_3_interval": .array([.number(interval.lower), .number(interval.upper)]),
    ]
    if let envelopeFrontier { result["approach_1"] = .number(envelopeFrontier.parametersExponent) }
    if let profileFrontier { result["approach_2"] = .number(profileFrontier.parametersExponent) }
    return result
  }
}

extension StudyAnalysis.Check {
  var json: JSONObject {
    var result = prediction.json
    result["name"] = .string(run.name)
    result["measured"] = .number(run.measured.loss)
    result["error"] = .number(error)
    result["inside"] = .bool(isInside)
    return result
  }
}

extension BestRun {
  /// What `moso scale predict --compute` says.
  package var json: JSONObject {
    var result = prediction.json
    result["compute"] = .number(compute)
    result["parameters_interval"] = .array([.number(parameters.lower), .number(parameters.upper)])
    result["tokens_interval"] = .array([.number(tokens.lower), .number(tokens.upper)])
    return result
  }
}

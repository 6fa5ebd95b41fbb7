import MosoFormats
public import MosoScaling
import MosoTraining

/// A run that a study will make.
public struct PlannedRun: Sendable, Hashable {
  /// What it is called, which is its folder's name too.
  public var name: String
  /// How many numbers a token is in the model.
  public var width: Int
  /// How many layers the model has.
  public var layers: Int
  /// How large the run is; parameters are those that every token is multiplied with.
  public var size: RunSize
  /// What it costs, in floating-point operations.
  public var compute: Double
  /// How many seconds it should take on this machine.
  public var seconds: Double
  /// Whether it is the large run that the others predict.
  public var isTarget: Bool

  /// The recipe of the run.
  ///
  /// - Parameter base: What all runs have in common.
  func recipe(_ base: RecipeNode) throws(RecipeError) -> RecipeNode {
    var recipe = base
    let place = "the study's run \(name)"
    if var model = recipe.take("model") {
      for key in ["depth", "parameters", "compute", "width", "layers"] { _ = model.take(key) }
      recipe.put(model, at: "model")
    }
    if var training = recipe.take("training") {
      for key in ["tokens", "steps", "epochs"] { _ = training.take(key) }
      recipe.put(training, at: "training")
    }
    try recipe.set("model.width", to: "\(width)", place: place)
    try recipe.set("model.layers", to: "\(layers)", place: place)
    try recipe.set("training.tokens", to: "\(Int(size.tokens))", place: place)
    // One checkpoint at a time is enough to go on from, and no look is needed for a law but the last few.
    try recipe.set("watch.keep", to: "1", place: place)
    return recipe
  }

  var json: JSONObject {
    [
      "name": .string(name), "width": .integer(width), "layers": .integer(layers),
      "parameters": .number(size.parameters), "tokens": .number(size.tokens),
      "compute": .number(compute), "seconds": .number(seconds), "target": .bool(isTarget),
    ]
  }

  init(
    name: String, width: Int, layers: Int, size: RunSize, compute: Double, seconds: Double, isTarget: Bool
  ) {
    self.name = name
    self.width = width
    self.layers = layers
    self.size = size
    self.compute = compute
    self.seconds = seconds
    self.isTarget = isTarget
  }

  /// A run as a file has it; `nil` where something is missing.
  init?(_ json: JSONValue) {
    guard let name = json["name"]?.stringValue, let width = json["width"]?.integerValue,
      let layers = json["layers"]?.integerValue, let parameters = json["parameters"]?.doubleValue,
      let tokens = json["tokens"]?.doubleValue, let compute = json["compute"]?.doubleValue,
      let seconds = json["seconds"]?.doubleValue, let isTarget = json["target"]?.boolValue, parameters > 0, tokens >= 1,
      tokens < 1e18, !name.isEmpty, !name.contains("/"), name != "..", name != "."
    else { return nil }
    self.init(
      name: name, width: width, layers: layers, size: RunSize(parameters: parameters, tokens: tokens), compute: compute,
      seconds: seconds, isTarget: isTarget)
  }
}

import MosoTensor
import MosoTesting
import Testing

/// The tape's forward pass as the suite sees it.
struct TapeInterpreter: InterpreterUnderTest {
  var precision: TrainingPrecision
  var isExact: Bool { true }
  var tolerance: Double { precision == .double ? 1e-6 : 1e-4 }

  func session(on model: TinyModel, contextLength: Int, capacity: Int) -> TapeSession {
    TapeSession(model, precision: precision, contextLength: contextLength)
  }
}

@Suite("The tape runs forwards as every interpreter must")
struct TapeConformanceTests {
  @Test("in floats", arguments: ConformanceCase.withoutHistory)
  func floats(_ conformance: ConformanceCase) throws { try conformance.check(TapeInterpreter(precision: .single)) }

  @Test("in doubles", arguments: ConformanceCase.withoutHistory.filter { $0.rule == .reference })
  func doubles(_ conformance: ConformanceCase) throws { try conformance.check(TapeInterpreter(precision: .double)) }
}

import MosoTesting
import Testing

@Suite("EagerOps") struct EagerConformanceTests {
  @Test("EagerOps does what every interpreter must", arguments: ConformanceCase.all)
  func conforms(_ conformance: ConformanceCase) throws { try conformance.check(EagerInterpreter()) }
}

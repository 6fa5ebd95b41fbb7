import MosoTesting
import Testing

@Suite("The conformance suite") struct ReferenceConformanceTests {
  @Test("The reference does what every interpreter must", arguments: ConformanceCase.all)
  func conforms(_ conformance: ConformanceCase) throws { try conformance.check(ReferenceInterpreter()) }
}

import MosoTesting
import Testing

@Suite("The conformance suite") struct ConformanceSuiteTests {
  static let named = ConformanceCase.all.filter { conformance in
    (TinyModel.families + TinyModel.long.prefix(1)).contains { $0.name == conformance.model.name }
  }

  @Test("The reference does what every interpreter must", arguments: named)
  func acceptsReference(_ conformance: ConformanceCase) throws { try conformance.check(ReferenceInterpreter()) }

  @Test("Every fault is noticed", arguments: Fault.allCases)
  func noticesFault(_ fault: Fault) {
    let isNoticed = Self.named.contains { conformance in
      do {
        try conformance.check(FaultyInterpreter(fault: fault))
        return false
      } catch { return true }
    }
    #expect(isNoticed, "\(fault.rawValue)")
  }

  @Test("What keeps nothing between batches has rules of its own") func rulesWithoutHistory() {
    #expect(ConformanceCase.withoutHistory.allSatisfy { !$0.rule.needsHistory })
    #expect(Set(ConformanceCase.all.map(\.rule)) == Set(ConformanceRule.allCases))
  }
}

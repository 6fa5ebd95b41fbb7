import MosoTensor

/// Sums gradients over the processes of a group and passes on what each of them has made of its share.
package struct SharedParameters {
  private let group: any ProcessGroup
  private let layout: ParameterLayout
  private let shares: ParameterShares
  private let compute: TrainingCompute

  package init(_ model: TrainingModel, group: any ProcessGroup) {
    self.group = group
    layout = model.layout
    compute = model.compute
    shares = ParameterShares(counts: model.layout.parameters.map(\.count), processes: group.count)
  }

  /// The parameters that are this process' own.
  package var own: Range<Int> { shares.ranges[group.rank] }

  /// Adds up the gradients of all processes; afterwards each has the sums of its own parameters.
  ///
  /// Neighbours exchange halves, then neighbours of neighbours halves of those, and so on: each sum is that of a pair, then of
  /// two pairs, which is the order in which one process adds up its lanes.
  package func sum(_ slopes: ParameterStore) {
    var range = layout.parameters.indices
    var bit = 1
    while bit < group.count {
      let halves = shares.halves(of: range)
      let (kept, given) = group.rank & bit == 0 ? (halves.first, halves.second) : (halves.second, halves.first)
      let places = self.places(of: kept, in: slopes)
      let sent = self.places(of: given, in: slopes).flatMap(\.floats)
      let received = group.exchange(sent, with: group.rank ^ bit, count: places.reduce(0) { $0 + $1.count })
      add(received, to: places)
      range = kept
      bit <<= 1
    }
  }

  /// Gives all processes the values of each one's parameters.
  package func spread(_ values: ParameterStore) {
    if group.count == 1 { return }
    for root in 0..<group.count {
      let places = layout.parameters[shares.ranges[root]].map { values.values(of: $0) }
      var numbers = places.flatMap(\.floats)
      group.broadcast(&numbers, from: root)
      if root != group.rank { set(places, to: numbers) }
    }
  }

  /// A number of each parameter, of which each process knows those of its own.
  package func gathered(_ own: [Double]) -> [Double] {
    let all = group.gathered(own, counts: shares.ranges.map(\.count))
    // Shares lie in another order than processes.
    var result = Array(repeating: 0.0, count: layout.parameters.count)
    for (index, number) in zip(shares.ranges.joined(), all) { result[index] = number }
    return result
  }

  /// A store with the numbers of all parameters, of which each process has those of its own.
  package func gathered(_ own: ParameterStore) -> ParameterStore {
    if group.count == 1 { return own }
    let all = ParameterStore(count: layout.valueCount, on: compute)
    for parameter in layout.parameters[self.own] { all.values(of: parameter).set(to: own.values(of: parameter)) }
    spread(all)
    return all
  }

  // MARK: Places

  /// Where the slopes of parameters are, those of second uses too.
  private func places(of range: Range<Int>, in slopes: ParameterStore) -> [Matrix] {
    layout.parameters[range].flatMap { parameter in
      [slopes.slopes(of: parameter)]
        + layout.secondUses.filter { $0.isSecondUse(of: parameter) }.map { slopes.slopes(of: $0) }
    }
  }

  private func add(_ numbers: [Float], to places: [Matrix]) {
    forParts(of: numbers, like: places) { part, place in
      let addend = compute.matrix(rows: place.rows, columns: place.columns)
      addend.set(toFloats: part)
      compute.add(addend, to: place)
    }
  }

  private func set(_ places: [Matrix], to numbers: [Float]) {
    forParts(of: numbers, like: places) { part, place in place.set(toFloats: part) }
  }

  private func forParts(of numbers: [Float], like places: [Matrix], _ body: (RawSpan, Matrix) -> Void) {
    let bytes = numbers.span.bytes
    var next = 0
    for place in places {
      body(bytes.extracting(next..<next + 4 * place.count), place)
      next += 4 * place.count
    }
  }
}

#if MPI
  import CMPI
  import MosoTraining

  /// The processes that `mpirun` started.
  ///
  /// Numbers are copied and never added by MPI: its sums may come in any order.
  package final class MPIProcessGroup: ProcessGroup {
    package let rank: Int
    package let count: Int

    /// The most numbers in a message, as MPI counts them in 32 bits.
    private static let most = 1 << 28

    /// Joins the processes that `mpirun` started.
    package init() {
      var isInitialized: Int32 = 0
      unsafe MPI_Initialized(&isInitialized)
      // Threads work on numbers, and one of them speaks with the other processes.
      var provided: Int32 = 0
      if isInitialized == 0 { unsafe MPI_Init_thread(nil, nil, Int32(MPI_THREAD_FUNNELED), &provided) }
      var rank: Int32 = 0, count: Int32 = 1
      unsafe MPI_Comm_rank(cmpi_world(), &rank)
      unsafe MPI_Comm_size(cmpi_world(), &count)
      self.rank = Int(rank)
      self.count = Int(count)
    }

    package func exchange(_ sent: [Float], with partner: Int, count: Int) -> [Float] {
      var received = [Float](repeating: 0, count: count)
      var start = 0
      while start < max(sent.count, count) {
        let out = sent[min(start, sent.count)..<min(start + Self.most, sent.count)]
        let places = min(start, count)..<min(start + Self.most, count)
        unsafe out.withUnsafeBufferPointer { out in
          _ = unsafe received.withUnsafeMutableBufferPointer { all in
            let into = unsafe UnsafeMutableBufferPointer(rebasing: all[places])
            return unsafe MPI_Sendrecv(
              out.baseAddress, Int32(out.count), cmpi_float(), Int32(partner), 0, into.baseAddress, Int32(into.count),
              cmpi_float(), Int32(partner), 0, cmpi_world(), cmpi_no_status())
          }
        }
        start += Self.most
      }
      return received
    }

    package func broadcast(_ numbers: inout [Float], from root: Int) {
      unsafe numbers.withUnsafeMutableBytes { unsafe broadcast($0, of: cmpi_float(), size: 4, from: root) }
    }

    package func broadcast(_ numbers: inout [Double], from root: Int) {
      unsafe numbers.withUnsafeMutableBytes { unsafe broadcast($0, of: cmpi_double(), size: 8, from: root) }
    }

    private func broadcast(
      _ bytes: UnsafeMutableRawBufferPointer, of type: MPI_Datatype?, size: Int, from root: Int
    ) {
      var start = 0
      while start < bytes.count {
        let end = min(start + Self.most * size, bytes.count)
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end])
        _ = unsafe MPI_Bcast(part.baseAddress, Int32(part.count / size), type, Int32(root), cmpi_world())
        start = end
      }
    }

    package func abort() -> Never {
      unsafe MPI_Abort(cmpi_world(), 1)
      fatalError("MPI goes on after it was told to stop")
    }

    package func leave() { MPI_Finalize() }
  }
#endif

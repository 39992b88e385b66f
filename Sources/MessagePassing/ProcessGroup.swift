import CMPI
import Glibc

/// The processes that compute one training step together, each on its share of the batch.
///
/// All of them call the same functions in the same order. One process alone is a group too, whose sums
/// are what they are.
public final class ProcessGroup {
  /// Number of this process, from 0.
  public let rank: Int
  /// Processes in all.
  public let count: Int

  private let isAbandoned: () -> Bool

  /// This process alone.
  public init() {
    (rank, count) = (0, 1)
    isAbandoned = { false }
  }

  /// Joins the other processes that `mpirun` has started with this one; alone if there are none.
  ///
  /// - Parameter isAbandoned: Whether somebody asked this process to stop. A sum for which others are
  ///   missing is then given up soon.
  /// - Throws: ``ProcessGroupError``, among others if the package was built without its trait MPI.
  public init(isAbandoned: @escaping () -> Bool) throws(ProcessGroupError) {
    self.isAbandoned = isAbandoned
    guard let launched = Self.launched, launched.count > 1 else {
      (rank, count) = (0, 1)
      return
    }
    #if MPI
    var (rank, count): (Int32, Int32) = (0, 1)
    try Self.check(cmpi_join(&rank, &count))
    (self.rank, self.count) = (Int(rank), Int(count))
    #else
    throw .notBuilt(processes: launched.count)
    #endif
  }

  /// Number and count of the processes that `mpirun` has started with this one, as it tells them by
  /// Open MPI's variables; nil where there was no `mpirun`.
  public static var launched: (rank: Int, count: Int)? {
    func number(_ name: String) -> Int? {
      getenv(name).flatMap { Int(String(cString: $0)) }
    }
    guard let rank = number("OMPI_COMM_WORLD_RANK"), let count = number("OMPI_COMM_WORLD_SIZE"),
      rank >= 0, rank < count
    else { return nil }
    return (rank, count)
  }

  /// Whether this is the process that validates, writes and talks.
  public var isFirst: Bool { rank == 0 }

  /// What this process does of a number of items: shares differ by one at most.
  public func share(of items: Int) -> Range<Int> {
    items * rank / count..<items * (rank + 1) / count
  }

  /// Begins to replace values by their sums over the group.
  ///
  /// - Parameters:
  ///   - values: Not to be touched before ``finishSums()``.
  ///   - count: How many.
  /// - Throws: ``ProcessGroupError/lost(reason:)``.
  public func beginSum(
    _ values: UnsafeMutablePointer<Float>, count: Int
  ) throws(ProcessGroupError) {
    guard self.count > 1 else { return }
    try Self.check(cmpi_begin_sum_of_floats(values, Int64(count)))
  }

  /// The same for values in double precision.
  ///
  /// - Throws: As for single precision.
  public func beginSum(
    _ values: UnsafeMutablePointer<Double>, count: Int
  ) throws(ProcessGroupError) {
    guard self.count > 1 else { return }
    try Self.check(cmpi_begin_sum_of_doubles(values, Int64(count)))
  }

  /// Moves the sums that were begun a little further; MPI does nothing between its calls.
  ///
  /// - Throws: ``ProcessGroupError/lost(reason:)``.
  public func advanceSums() throws(ProcessGroupError) {
    guard count > 1 else { return }
    var isComplete: Int32 = 0
    try Self.check(cmpi_test(&isComplete))
  }

  /// Waits until all sums that were begun are complete.
  ///
  /// - Throws: ``ProcessGroupError/lost(reason:)`` if another process went away; the values are then
  ///   worth nothing, and so is the group.
  public func finishSums() throws(ProcessGroupError) {
    guard count > 1 else { return }
    let start = ContinuousClock.now
    var stopped: ContinuousClock.Instant?
    while true {
      var isComplete: Int32 = 0
      try Self.check(cmpi_test(&isComplete))
      if isComplete != 0 { return }
      let now = ContinuousClock.now
      if isAbandoned() {
        let since = stopped ?? now
        stopped = since
        if since.duration(to: now) > Self.patience { throw .lost(reason: "told to stop") }
      }
      // The others are at most a little behind, but for a validation, which one of them does alone.
      if start.duration(to: now) < Self.patience {
        sched_yield()
      } else {
        usleep(1000)
      }
    }
  }

  /// Replaces values by their sums over the group.
  ///
  /// - Throws: ``ProcessGroupError/lost(reason:)``; the values stay.
  public func sum(_ values: inout [Double]) throws(ProcessGroupError) {
    guard count > 1 else { return }
    let copy = UnsafeMutableBufferPointer<Double>.allocate(capacity: values.count)
    _ = copy.initialize(from: values)
    guard let first = copy.baseAddress else { return copy.deallocate() }
    try beginSum(first, count: values.count)
    // Where this throws, MPI may still write there: the values stay.
    try finishSums()
    values = Array(copy)
    copy.deallocate()
  }

  /// Parts from the others, who must do the same.
  ///
  /// - Throws: ``ProcessGroupError/lost(reason:)``.
  public func leave() throws(ProcessGroupError) {
    guard count > 1 else { return }
    try Self.check(cmpi_leave())
  }

  // `mpirun` kills a process one second after it has told it to stop.
  private static let patience = Duration.milliseconds(300)

  private static func check(_ error: Int32) throws(ProcessGroupError) {
    guard error != 0 else { return }
    let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { text in
      cmpi_message(error, text.baseAddress, Int32(text.count))
      return text.baseAddress.map { String(cString: $0) } ?? ""
    }
    throw .lost(reason: reason)
  }
}

import Files

/// What a run over many volumes made, in words.
struct BatchSummary {
  private let ends: [BatchEnd]
  private let total: Int
  private let brokenOff: Int

  /// - Parameters:
  ///   - ends: The volumes that have ended.
  ///   - count: Of all volumes of this run.
  ///   - brokenOff: Volumes that were begun and have not ended.
  init(_ ends: [BatchEnd], of count: Int, brokenOff: Int = 0) {
    self.ends = ends
    total = count
    self.brokenOff = brokenOff
  }

  private func count(_ status: UpsampleReport.Item.Status) -> Int {
    ends.count { $0.item.status == status }
  }

  /// `38 done, 1 skipped, 1 failed of 40`.
  var text: String {
    let parts = [
      ("done", count(.done)), ("skipped", count(.skipped)), ("failed", count(.failed)),
      ("broken off", brokenOff), ("not begun", total - ends.count - brokenOff),
    ]
    let all = parts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return (all.isEmpty ? "nothing done" : all.joined(separator: ", ")) + " of \(total)"
  }

  /// The counts and the time, then a table of the failures.
  func lines(seconds: Double) -> [String] {
    let failed = ends.compactMap { end in
      end.failure.map { (end.input, $0.naming(end.input)) }
    }
    let head = "arssr: \(text) in \(UpsamplePlanReport.duration(seconds))"
    guard !failed.isEmpty else { return [head] }
    let width = failed.map { Escaping.path($0.0).count }.max() ?? 0
    return [head, "arssr: failed:"]
      + failed.map { input, failure in
        let name = Escaping.path(input)
        let padding = String(repeating: " ", count: width - name.count)
        return Failure.shortened("  \(name)\(padding)  \(failure.message)")
      }
  }

  /// - Throws: That some volumes failed; with the status of the first where all did.
  func check() throws(Failure) {
    let failures = ends.compactMap(\.failure)
    if let failure = Self.failure(failures, ended: ends.count, of: total) { throw failure }
  }

  /// What a run with failures ends with; nil where there is none.
  ///
  /// - Parameters:
  ///   - failures: Of volumes, in their order.
  ///   - count: Of the volumes that have ended: where all of them failed, the status is that of the
  ///     first.
  ///   - total: Of all volumes of the run.
  /// - Returns: One failure for all of them.
  static func failure(_ failures: [Failure], ended count: Int, of total: Int) -> Failure? {
    guard let first = failures.first else { return nil }
    var failure = Failure(.batchPartial(failed: failures.count, of: total))
    if failures.count == count { failure.status = first.status }
    return failure
  }
}

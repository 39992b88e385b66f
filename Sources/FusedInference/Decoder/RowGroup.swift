/// Output rows that one item decodes together: some rows of some planes, between the same LR rows.
struct RowGroup: Equatable, Sendable {
  /// Output indices along j and k.
  var rows: Range<Int>
  var planes: Range<Int>

  /// How many rows there are.
  var count: Int { rows.count * planes.count }

  /// The indices (j, k) of the rows, in the order in which they are decoded.
  var places: [(j: Int, k: Int)] {
    planes.flatMap { k in rows.map { (j: $0, k: k) } }
  }

  /// Cuts the rows of some planes into groups.
  ///
  /// - Parameters:
  ///   - rows: Runs along j of rows between the same LR rows.
  ///   - planes: Runs along k of planes between the same LR planes.
  ///   - mostRows: Rows of a group at most.
  ///   - workers: Who shares the groups: there are several for each, where there are enough rows, so
  ///     that none waits long for the last.
  /// - Returns: Groups that hold every row once, by rows and then by planes: of each NUMA node's share
  ///   the encoder made the rows that are read on the same node.
  static func groups(
    rows: [Range<Int>], planes: [Range<Int>], mostRows: Int, workers: Int
  ) -> [RowGroup] {
    let all = rows.joined().count * planes.joined().count
    let limit = min(mostRows, max(1, all / (groupsPerWorker * workers)))
    return planes.flatMap { parts($0, limit: limit) }.flatMap { planes in
      rows.flatMap { parts($0, limit: max(1, limit / planes.count)) }.map {
        RowGroup(rows: $0, planes: planes)
      }
    }.sorted { first, second in
      (first.rows.lowerBound, first.planes.lowerBound)
        < (second.rows.lowerBound, second.planes.lowerBound)
    }
  }

  private static let groupsPerWorker = 4

  /// Parts of nearly equal size with at most `limit` indices.
  private static func parts(_ range: Range<Int>, limit: Int) -> [Range<Int>] {
    guard !range.isEmpty else { return [] }
    return Block.parts(range, count: (range.count + limit - 1) / limit)
  }
}

/// The known name that a mistyped one most likely means.
public enum NearestName {
  /// Returns the candidate with the fewest edits (insert, delete, replace, swap neighbours).
  ///
  /// Nil where even the best needs more edits than a third of the name's length (at least 2).
  /// Letters compare without regard to case.
  public static func find(_ name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
    let allowed = max(2, wanted.count / 3)
    var best: (name: String, edits: Int)?
    for candidate in candidates {
      let edits = distance(wanted, Array(candidate.lowercased().unicodeScalars.prefix(64)))
      if edits <= allowed, edits < best?.edits ?? .max { best = (candidate, edits) }
    }
    return best?.name
  }

  /// Optimal string alignment: Levenshtein plus swaps of neighbours; O(n m).
  private static func distance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in first.indices {
      var current = [row + 1]
      for column in second.indices {
        let replaced = last[column] + (first[row] == second[column] ? 0 : 1)
        var edits = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
          edits = min(edits, beforeLast[column - 1] + 1)
        }
        current.append(edits)
      }
      beforeLast = last
      last = current
    }
    return last[second.count]
  }
}

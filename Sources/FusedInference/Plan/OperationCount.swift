/// Counts of multiply-accumulates that stop growing at a number no machine could do.
///
/// A target may have 2^56 voxels and a network 2^23 operations per voxel: the product does not fit
/// an Int, and a forecast must not end the program.
package enum OperationCount {
  /// Thirty years at a petaflop per second; small enough that several can be added.
  package static let most = 1 << 60

  /// `count * each`, at most ``most``.
  package static func product(_ count: Int, _ each: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: each)
    return overflow ? most : min(product, most)
  }

  /// `first + second`, at most ``most``; both are at most ``most``.
  package static func sum(_ first: Int, _ second: Int) -> Int { min(first + second, most) }
}

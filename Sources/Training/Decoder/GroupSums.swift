import KernelInterface
import Workers

/// The decoder's gradients of every group of points by itself, so that workers need not wait for each
/// other and the order of sums is that of the groups.
///
/// `@unchecked Sendable`: within a job each worker writes its own groups.
final class GroupSums: @unchecked Sendable {
  private let count: Int
  private var values: AlignedBuffer<Float>
  /// Groups that hold sums.
  private(set) var begun = 0
  private let addArrays:
    @Sendable (
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
    ) -> Void

  /// Sums of `count` floats each.
  init(count: Int, _ table: KernelTable) throws(WorkersError) {
    self.count = count
    addArrays = table.training.add
    values = try AlignedBuffer(count: 0)
  }

  /// Forgets all sums and makes room for so many groups.
  func begin(groups: Int) throws(WorkersError) {
    begun = 0
    if values.count < groups * count { values = try AlignedBuffer(count: groups * count) }
  }

  /// The sums of a group; zero where it is not begun, which ``end(groups:)`` says after the job.
  func group(_ index: Int) -> UnsafeMutablePointer<Float> {
    let sums = values.pointer + index * count
    if index >= begun { sums.update(repeating: 0, count: count) }
    return sums
  }

  /// Remembers that the first groups hold sums.
  func end(groups: Int) { begun = max(begun, groups) }

  /// Adds all groups to a gradient, in their order.
  func add(to gradient: UnsafeMutablePointer<Float>, _ pool: WorkerPool) {
    let length = 2048
    pool.run((count + length - 1) / length) { item, _ in
      let target = gradient + item * length
      for index in 0..<begun {
        addArrays(target, group(index) + item * length, target, min(length, count - item * length))
      }
    }
  }
}

import CSIMD
import Synchronization

/// Items of no job, which wait for a worker that would have to wait itself.
///
/// They are taken in the order in which they came. Whoever needs them done helps, and sleeps only
/// while all that is left is being worked on.
///
/// `@unchecked Sendable`: `lines` holds atomic words only.
final class SideQueue: @unchecked Sendable {
  typealias Item = @Sendable (_ worker: Int) -> Void

  private struct Waiting {
    var items: [Item] = []
    var first = 0
  }

  private let waiting = Mutex(Waiting())
  /// Items that nobody has taken yet, to be looked at without the lock.
  private let count = Atomic<Int>(0)
  /// Line 0: items that are done, whose low 32 bits are a futex word; line 1: who sleeps on it.
  private let lines = AtomicLines(count: 2)
  private var done: UnsafeMutablePointer<Atomic<UInt64>> { lines[0] }
  private var sleepers: UnsafeMutablePointer<Atomic<UInt64>> { lines[1] }

  /// Whether nobody could take an item now.
  var isEmpty: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }

  func add(_ item: @escaping Item) {
    waiting.withLock { $0.items.append(item) }
    count.add(1, ordering: .sequentiallyConsistent)
  }

  /// Works on the item that has waited longest; false if there is none.
  func workOnNext(worker: Int) -> Bool {
    guard !isEmpty, let item = take() else { return false }
    item(worker)
    done.pointee.add(1, ordering: .sequentiallyConsistent)
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) != 0 {
      csimd_futex_wake(done, .max)
    }
    return true
  }

  /// Works on items, or sleeps while others do, until `isNeeded` says no.
  ///
  /// - Parameters:
  ///   - worker: The caller's number.
  ///   - isNeeded: Changes only with the end of an item.
  func work(worker: Int, while isNeeded: () -> Bool) {
    while true {
      let seen = done.pointee.load(ordering: .sequentiallyConsistent)
      guard isNeeded() else { return }
      if workOnNext(worker: worker) { continue }
      sleepers.pointee.add(1, ordering: .sequentiallyConsistent)
      csimd_futex_wait(done, UInt32(truncatingIfNeeded: seen))
      sleepers.pointee.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  private func take() -> Item? {
    waiting.withLock { waiting in
      guard waiting.first < waiting.items.count else { return nil }
      let item = waiting.items[waiting.first]
      waiting.first += 1
      if waiting.first == waiting.items.count { waiting = Waiting() }
      count.subtract(1, ordering: .sequentiallyConsistent)
      return item
    }
  }
}

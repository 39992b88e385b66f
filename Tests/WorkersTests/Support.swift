import Glibc
import Synchronization

/// Keeps the core busy for a number of steps.
func spin(_ steps: Int) {
  let sink = Atomic<Int>(0)
  for step in 0..<steps { sink.store(step, ordering: .relaxed) }
}

/// The calling thread, for comparison.
func threadIdentity() -> UInt { UInt(pthread_self()) }

/// A point that a number of threads must reach before any goes on.
final class Rendezvous: Sendable {
  private let missing: Atomic<Int>

  init(_ count: Int) { missing = Atomic(count) }

  func arrive() {
    missing.subtract(1, ordering: .acquiringAndReleasing)
    while missing.load(ordering: .acquiring) > 0 { sched_yield() }
  }
}

import Synchronization
import Workers

/// The LR volumes that patches are drawn from: a window that moves over an endless row of entries,
/// each a function of the seed and its number.
///
/// At step t the window holds the entries t / refresh ..< t / refresh + count. So what a step sees
/// does not depend on the steps before it. The next entry is made in the background.
final class DegradedPool: Sendable {
  private struct State {
    var entries: [Int: DegradedEntry] = [:]
    var next: EntryTask?
  }

  private let volumes: TrainingVolumes
  private let settings: DataSettings
  private let seed: UInt64
  private let count: Int
  private let refresh: Int
  private let state = Mutex(State())

  init(
    _ volumes: TrainingVolumes, _ settings: DataSettings, seed: UInt64, count: Int, refresh: Int
  ) {
    self.volumes = volumes
    self.settings = settings
    self.seed = seed
    self.count = count
    self.refresh = refresh
  }

  deinit { _ = try? state.withLock { $0.next.take() }?.value() }

  /// The entries of a step; those that are missing are made now, on all workers.
  func entries(ofStep step: Int, pool: WorkerPool) throws(TrainingDataError) -> [DegradedEntry] {
    let window = (step / refresh)..<(step / refresh + count)
    let missing = state.withLock { state in
      state.entries = state.entries.filter { window.contains($0.key) }
      return window.filter { state.entries[$0] == nil }
    }
    if !missing.isEmpty { try fill(missing, pool) }
    let (volumes, settings, seed) = (volumes, settings, seed)
    return state.withLock { state in
      if state.next == nil {
        let number = window.upperBound
        state.next = EntryTask(number: number) { () throws(TrainingDataError) in
          // Bytes do not depend on the number of workers.
          let alone: WorkerPool
          do throws(WorkersError) {
            alone = try WorkerPool(threads: 1)
          } catch {
            throw .system(error)
          }
          return try Self.drawn(number, volumes, settings, seed, alone).get()
        }
      }
      return window.compactMap { state.entries[$0] }
    }
  }

  private func fill(_ numbers: [Int], _ pool: WorkerPool) throws(TrainingDataError) {
    var made: [Int: DegradedEntry] = [:]
    if let next = state.withLock({ $0.next.take() }) {
      let entry = try next.value()
      if numbers.contains(next.number) { made[next.number] = entry }
    }
    let rest = numbers.filter { made[$0] == nil }
    let results = Mutex([Int: Result<DegradedEntry, TrainingDataError>]())
    let (volumes, settings, seed) = (volumes, settings, seed)
    pool.run(rest.count) { index, _ in
      let result = Self.drawn(rest[index], volumes, settings, seed, pool)
      results.withLock { $0[rest[index]] = result }
    }
    for number in rest {
      guard let result = results.withLock({ $0[number] }) else { continue }
      made[number] = try result.get()
    }
    let entries = made
    state.withLock { $0.entries.merge(entries) { $1 } }
  }

  private static func drawn(
    _ number: Int, _ volumes: TrainingVolumes, _ settings: DataSettings, _ seed: UInt64,
    _ pool: WorkerPool
  ) -> Result<DegradedEntry, TrainingDataError> {
    Result { () throws(TrainingDataError) in
      try .drawn(number, from: volumes, settings, seed: seed, pool: pool)
    }
  }
}

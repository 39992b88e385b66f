import Synchronization
import Workers

/// Hands out the batches of a run in order, and lets a worker that has nothing else to do draw the
/// next while a step is computed.
public final class BatchQueue {
  private typealias Drawing = Result<TrainingBatch, TrainingDataError>

  private final class Pending: Sendable {
    let step: Int
    let result = Mutex<Drawing?>(nil)
    init(step: Int) { self.step = step }
  }

  private let source: BatchSource
  private let samples: Range<Int>
  private let pool: WorkerPool
  /// Work that is left aside may not call the pool, and bytes do not depend on the number of workers.
  private let alone: WorkerPool
  private var pending: Pending?

  /// A queue over a source.
  ///
  /// - Parameters:
  ///   - source: Draws the batches.
  ///   - samples: Numbers of the samples that this process takes of each; nil: all.
  ///   - pool: The workers of the steps.
  /// - Throws: If the system refuses memory.
  public init(
    _ source: BatchSource, samples: Range<Int>? = nil, pool: WorkerPool
  ) throws(TrainingDataError) {
    self.source = source
    self.samples = samples ?? 0..<source.settings.batch
    self.pool = pool
    do throws(WorkersError) {
      alone = try WorkerPool(threads: 1)
    } catch {
      throw .system(error)
    }
  }

  /// The batch of a step; the one after it is begun where there is one.
  ///
  /// - Parameters:
  ///   - step: From 0.
  ///   - end: The first step that needs no batch.
  /// - Returns: As ``BatchSource/batch(step:samples:workers:)``.
  /// - Throws: If the system refuses memory.
  public func batch(step: Int, end: Int) throws(TrainingDataError) -> TrainingBatch {
    let batch: TrainingBatch
    if let known = pending, known.step == step {
      pool.workAside { known.result.withLock { $0 == nil } }
      guard let drawing = known.result.withLock({ $0 }) else {
        preconditionFailure("step \(step): workAside ended early")
      }
      batch = try drawing.get()
    } else {
      batch = try source.batch(step: step, samples: samples, workers: pool)
    }
    pending = step + 1 < end ? begin(step + 1) : nil
    return batch
  }

  private func begin(_ step: Int) -> Pending {
    let pending = Pending(step: step)
    let (source, samples, alone) = (source, samples, alone)
    pool.leaveAside { _ in
      let drawing = Drawing { () throws(TrainingDataError) in
        try source.batch(step: step, samples: samples, workers: alone)
      }
      pending.result.withLock { $0 = drawing }
    }
    return pending
  }
}

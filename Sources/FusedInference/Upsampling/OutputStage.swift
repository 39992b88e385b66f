import Volumes
import Workers

/// The way from a row of decoded values to the caller: rows are finished, collected in a window of
/// output planes, and handed on in file order.
///
/// Workers use copies, which share buffers: they may finish rows at once, since rows have no voxel
/// in common. Only the thread that runs the job hands on.
struct OutputStage: Sendable {
  /// Receives whole output planes, `[k][j][i]`, on the thread that runs the job.
  typealias Sink = (UnsafeBufferPointer<Float>) throws -> Void

  private let sampling: Sampling
  private let finisher: RowFinisher
  private let scratch: [WorkerScratch]
  private let windowPlanes: Int
  private var window: OutputWindow
  /// Output planes handed on so far.
  private var done = 0
  /// Seconds spent in the sink.
  private(set) var sinkSeconds = 0.0

  /// Makes room for the window.
  ///
  /// - Parameters:
  ///   - sampling: Where the output voxels lie.
  ///   - windowPlanes: Output planes to hold at once.
  ///   - finisher: What is done to decoded values.
  ///   - scratch: One per worker; rows and interpolated rows go there.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(
    sampling: Sampling, windowPlanes: Int, finisher: RowFinisher, scratch: [WorkerScratch]
  ) throws(WorkersError) {
    self.sampling = sampling
    self.finisher = finisher
    self.scratch = scratch
    self.windowPlanes = windowPlanes
    window = try OutputWindow(planes: windowPlanes, sampling: sampling)
    window.move(to: 0)
  }

  /// Whether a part of a row has any voxel that is computed, and not replaced by the mask's rule.
  func isWanted(_ range: Range<Int>, j: Int, k: Int) -> Bool {
    finisher.isWanted(range, j: j, k: k)
  }

  /// Finishes the part `range` of row (j, k), whose values begin at `values`, and stores it.
  func finish(
    _ values: UnsafeMutablePointer<Float>, _ range: Range<Int>, j: Int, k: Int, worker: Int
  ) {
    let row = UnsafeMutableBufferPointer(start: values, count: range.count)
    finisher.finish(
      row, first: range.lowerBound, j: j, k: k, scratch: scratch[worker].base.elements)
    window.store(UnsafeBufferPointer(row), i: range.lowerBound, j: j, k: k)
  }

  /// Makes all rows of the target, window by window, and hands them on.
  ///
  /// - Parameters:
  ///   - pool: Shares the rows.
  ///   - monitor: May cancel.
  ///   - sink: Receives the planes.
  ///   - decode: Writes the values of the part `range` of row (j, k) in the field of view.
  /// - Throws: ``InferenceError/cancelled``, or what the sink throws.
  mutating func makeRows(
    pool: WorkerPool, monitor: UpsampleMonitor, sink: Sink,
    decode: (
      _ range: Range<Int>, _ j: Int, _ k: Int, _ worker: Int, _ row: UnsafeMutablePointer<Float>
    ) -> Void
  ) throws {
    let box = sampling.rowBox
    // Where planes do not come in order, one window holds them all.
    let part = OutputWindow.streams(sampling) ? windowPlanes : box.z
    for first in stride(from: 0, to: box.z, by: part) {
      let end = min(first + part, box.z)
      let stage = self
      pool.run((end - first) * box.y) { item, worker in
        guard !monitor.isCancelled else { return }
        let (j, k) = (item % box.y, first + item / box.y)
        let range = stage.sampling.insideRange(j: j, k: k)
        guard !range.isEmpty else { return }
        let row = stage.scratch[worker].rows.pointer
        decode(range, j, k, worker, row)
        stage.finish(row, range, j: j, k: k, worker: worker)
      }
      try monitor.checkCancellation()
      if part < box.z { try handOn(through: end, sink) }
    }
    try handOn(through: sampling.outputSize.z, sink)
  }

  /// Hands on the planes up to `end` that were not yet, in windows, and begins a new window behind
  /// them.
  mutating func handOn(through end: Int, _ sink: Sink) throws {
    while done < end {
      let count = min(end - done, windowPlanes)
      let clock = ContinuousClock()
      let start = clock.now
      try window.withPlanes(count, sink)
      sinkSeconds += (clock.now - start) / .seconds(1)
      done += count
      // Behind the last plane there is nothing to prepare.
      if done < sampling.outputSize.z { window.move(to: done) }
    }
  }
}

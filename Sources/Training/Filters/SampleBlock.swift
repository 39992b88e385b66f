import KernelInterface
import Workers

/// Samples that are added to sums together, as the kernel takes them: `[panel][sample][32]`.
///
/// A sample is the taps of a patch, i fastest, behind them what they should become, and behind that, in
/// float32, the centre, which is taken off all others (``NormalEquations``). Owned by one worker.
struct SampleBlock: Sendable {
  /// Bytes of one element over all samples of a full block: its 32 columns are 16 KB, which stay in L1.
  private static let capacityBytes = 512

  private let patch: Int
  private let elements: Elements
  private let line: AlignedBuffer<Double>
  /// Samples of a full block.
  let capacity: Int

  private enum Elements {
    case single(AlignedBuffer<Float>)
    case double(AlignedBuffer<Double>)
  }

  /// Makes room for one block.
  ///
  /// - Throws: If the system refuses memory.
  init(patch: Int, precision: FilterLearningSettings.Precision) throws(WorkersError) {
    self.patch = patch
    let columns = PatchSampleArguments.panels(patch: patch).panelCount * SymmetricPanels.width
    switch precision {
    case .single:
      capacity = Self.capacityBytes / MemoryLayout<Float>.size
      elements = .single(try AlignedBuffer(count: columns * capacity))
    case .double:
      capacity = Self.capacityBytes / MemoryLayout<Double>.size
      elements = .double(try AlignedBuffer(count: columns * capacity))
    }
    line = try AlignedBuffer(count: PatchSampleArguments.lineCount(patch: patch))
  }

  /// Bytes of one.
  static func byteCount(patch: Int) -> Int {
    PatchSampleArguments.panels(patch: patch).panelCount * SymmetricPanels.width * capacityBytes
      + PatchSampleArguments.lineCount(patch: patch) * MemoryLayout<Double>.size
  }

  /// Gathers samples.
  ///
  /// - Parameters:
  ///   - voxels: Their places in the pair, at most ``capacity``.
  ///   - pair: The volume.
  ///   - kernels: The instruction set's functions.
  /// - Returns: The block, valid until the next call.
  func gather(
    _ voxels: ArraySlice<Int>, of pair: FilterPair, kernels: FilterKernels
  ) -> OuterProductArguments.Samples {
    let target: PatchSampleArguments.Samples
    let gathered: OuterProductArguments.Samples
    switch elements {
    case .single(let buffer):
      (target, gathered) = (.single(buffer.pointer), .single(buffer.pointer))
    case .double(let buffer):
      (target, gathered) = (.double(buffer.pointer), .double(buffer.pointer))
    }
    voxels.withUnsafeBufferPointer { voxels in
      guard let places = voxels.baseAddress else { return }
      kernels.gatherPatches(
        PatchSampleArguments(
          image: pair.image, truth: pair.truth, rowStride: pair.size.x,
          planeStride: pair.size.x * pair.size.y, patch: patch, voxels: places,
          count: voxels.count, samples: target, line: line.pointer))
    }
    withExtendedLifetime(line) {}
    return gathered
  }
}

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
  private let panelCount: Int
  private let elements: Elements
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
    panelCount = Self.panels(patch: patch).panelCount
    let columns = panelCount * SymmetricPanels.width
    switch precision {
    case .single:
      capacity = Self.capacityBytes / MemoryLayout<Float>.size
      elements = .single(try AlignedBuffer(count: columns * (capacity + 1)))
    case .double:
      capacity = Self.capacityBytes / MemoryLayout<Double>.size
      elements = .double(try AlignedBuffer(count: columns * (capacity + 1)))
    }
  }

  /// Bytes of one at most.
  static func byteCount(patch: Int) -> Int {
    panels(patch: patch).panelCount * SymmetricPanels.width
      * (capacityBytes + MemoryLayout<Double>.size)
  }

  /// The form of sums over samples.
  static func panels(patch: Int) -> SymmetricPanels {
    SymmetricPanels(count: patch * patch * patch + 2)
  }

  /// Gathers samples.
  ///
  /// - Parameters:
  ///   - voxels: Their places in the pair, at most ``capacity``.
  ///   - pair: The volume.
  /// - Returns: The block, valid until the next call.
  func gather(_ voxels: ArraySlice<Int>, of pair: FilterPair) -> OuterProductArguments.Samples {
    switch elements {
    case .single(let buffer):
      gather(voxels, of: pair, isCentred: true, into: buffer.pointer)
      return .single(buffer.pointer)
    case .double(let buffer):
      gather(voxels, of: pair, isCentred: false, into: buffer.pointer)
      return .double(buffer.pointer)
    }
  }

  @inline(__always)
  private func gather<Element: BinaryFloatingPoint>(
    _ voxels: ArraySlice<Int>, of pair: FilterPair, isCentred: Bool,
    into target: UnsafeMutablePointer<Element>
  ) {
    let width = SymmetricPanels.width
    let (row, plane) = (pair.size.x, pair.size.x * pair.size.y)
    let corner = patch / 2 * (1 + row + plane)
    // A sample as one line, behind the block; zeros behind its end.
    let line = target + panelCount * width * capacity
    let tapCount = patch * patch * patch
    for place in tapCount..<(panelCount * width) { line[place] = 0 }
    for (number, voxel) in voxels.enumerated() {
      let centre = isCentred ? Element(pair.image[voxel]) : 0
      var taps = line
      for k in 0..<patch {
        for j in 0..<patch {
          let source = pair.image + (voxel - corner + k * plane + j * row)
          for i in 0..<patch { taps[i] = Element(source[i] - Double(centre)) }
          taps += patch
        }
      }
      line[tapCount] = Element(pair.truth[voxel] - Double(centre))
      line[tapCount + 1] = centre
      for panel in 0..<panelCount {
        (target + (panel * voxels.count + number) * width).update(
          from: line + panel * width, count: width)
      }
    }
  }
}

import Degradation
import FusedInference
import KernelInterface
import Networks
import Volumes
import Workers

/// A volume with its LR image on the same grid, both divided by the largest intensity and cut to what is
/// not background.
package struct FilterPair: Sendable {
  /// Voxels along i, j, k.
  package let size: SIMD3<Int>
  /// Where the cut begins in the volume.
  package let start: SIMD3<Int>
  private let imageBuffer: AlignedBuffer<Double>
  private let truthBuffer: AlignedBuffer<Double>

  /// Voxel (0, 0, 0) of the LR image; a little before and behind the volume may be read.
  package var image: UnsafeMutablePointer<Double> {
    imageBuffer.pointer + StructureTensorArguments.padding
  }
  /// Voxel (0, 0, 0) of the HR volume.
  package var truth: UnsafeMutablePointer<Double> { truthBuffer.pointer }
  /// Both, which the pointers do not keep alive.
  package var memory: (AlignedBuffer<Double>, AlignedBuffer<Double>) { (imageBuffer, truthBuffer) }

  /// Bytes that a volume of so many voxels takes at most, while it is prepared and after.
  package static func byteCount(voxels: Int) -> Int {
    // The file's values and the clipped ones; the LR image, once on its way; both in double.
    voxels * (4 * MemoryLayout<Float>.size + 2 * MemoryLayout<Double>.size)
  }

  /// Takes images as they are: `[i][j][k]` arrays of `size`, i fastest.
  ///
  /// - Throws: If the system refuses memory.
  package init(
    size: SIMD3<Int>, image: [Double], truth: [Double]
  ) throws(FilterLearningError) {
    self.size = size
    start = .zero
    (imageBuffer, truthBuffer) = try Self.buffers(size)
    (imageBuffer.pointer + StructureTensorArguments.padding).update(
      from: image, count: image.count)
    truthBuffer.pointer.update(from: truth, count: truth.count)
  }

  private static func buffers(
    _ size: SIMD3<Int>
  ) throws(FilterLearningError) -> (AlignedBuffer<Double>, AlignedBuffer<Double>) {
    let count = size.x * size.y * size.z
    return try FilterLearningError.ofWorkers { () throws(WorkersError) in
      (
        try AlignedBuffer(count: count + 2 * StructureTensorArguments.padding),
        try AlignedBuffer(count: count)
      )
    }
  }

  /// Makes the LR image of a volume.
  ///
  /// 1. Intensities are limited to 0 and the value of rank floor(0.999 n); that becomes 1.
  /// 2. Axes are cut to multiples of the factor at their high ends.
  /// 3. The LR image is made and limited to the same range.
  /// 4. Both are cut to the box of planes that are not all 0, with half a patch around it; it begins at a
  ///    multiple of the factor, and its last plane that is not 0 is in no patch's centre, as published.
  ///
  /// - Parameters:
  ///   - volume: The HR volume; all finite.
  ///   - path: Its name, for messages.
  ///   - settings: How.
  ///   - pool: Shares the work.
  /// - Throws: If there is nothing in it, or the system refuses memory.
  package init(
    _ volume: Volume, path: String, settings: FilterLearningSettings, pool: WorkerPool
  ) throws(FilterLearningError) {
    let factor = settings.factor
    let full = volume.grid.size
    let size = SIMD3(full.x / factor, full.y / factor, full.z / factor) &* factor
    guard size.min() > settings.patch else {
      throw .tooSmall(path: path, size: full, needed: settings.patch + factor)
    }
    let clipped = Self.clipped(volume, size: size)
    let largest = clipped.max() ?? 0
    guard largest > 0,
      let box = FilterBox(of: clipped, size: size, reach: settings.patch / 2, factor: factor)
    else { throw .empty(path: path) }
    let image = try LowResolutionImage(settings).of(
      clipped, size: size, largest: largest, pool: pool)
    (imageBuffer, truthBuffer) = try Self.buffers(box.size)
    start = box.start
    self.size = box.size
    let scale = Double(largest)
    box.cut(image, of: size, dividedBy: scale, into: self.image)
    box.cut(clipped, of: size, dividedBy: scale, into: truth)
    if settings.sharpens {
      try FilterLearningError.ofWorkers { () throws(WorkersError) in
        try Sharpener(size: box.size).apply(to: truth, pool: pool)
      }
    }
  }

  /// The value of rank floor(0.999 n) of n, as published.
  package static func highestIntensity(of voxels: [Float]) -> Float {
    guard voxels.count > 1 else { return voxels.first ?? 0 }
    let place = 100 * Double(voxels.count * 999 / 1000) / Double(voxels.count - 1)
    return Float(Percentiles.of(voxels, at: [place])?[0] ?? 0)
  }

  /// Limited intensities, cut to `size`.
  private static func clipped(_ volume: Volume, size: SIMD3<Int>) -> [Float] {
    let full = volume.grid.size
    let highest = highestIntensity(of: volume.voxels)
    var values: [Float] = []
    values.reserveCapacity(size.x * size.y * size.z)
    for k in 0..<size.z {
      for j in 0..<size.y {
        let row = (k * full.y + j) * full.x
        for voxel in volume.voxels[row..<(row + size.x)] {
          values.append(min(max(voxel, 0), highest))
        }
      }
    }
    return values
  }
}

/// The part of a volume that is not background.
private struct FilterBox {
  let start: SIMD3<Int>
  let size: SIMD3<Int>

  /// Nil where all voxels are 0 whose patches lie in the volume, or too few are not.
  init?(of voxels: [Float], size: SIMD3<Int>, reach: Int, factor: Int) {
    var low = size
    var high = SIMD3(repeating: -1)
    for k in 0..<size.z {
      for j in 0..<size.y {
        let row = voxels[((k * size.y + j) * size.x)...].prefix(size.x)
        guard let first = row.firstIndex(where: { $0 != 0 }),
          let last = row.lastIndex(where: { $0 != 0 })
        else { continue }
        low = pointwiseMin(low, SIMD3(first - row.startIndex, j, k))
        high = pointwiseMax(high, SIMD3(last - row.startIndex, j, k))
      }
    }
    let inner = (low: SIMD3(repeating: reach), high: size &- (reach + 1))
    low = pointwiseMax(low, inner.low)
    high = pointwiseMin(high, inner.high)
    guard (0..<3).allSatisfy({ low[$0] < high[$0] }) else { return nil }
    let before = low &- reach
    start = SIMD3(before.x / factor, before.y / factor, before.z / factor) &* factor
    self.size = high &+ reach &- start
  }

  func cut(
    _ voxels: [Float], of full: SIMD3<Int>, dividedBy scale: Double,
    into target: UnsafeMutablePointer<Double>
  ) {
    var place = 0
    for k in 0..<size.z {
      for j in 0..<size.y {
        let row = ((start.z + k) * full.y + start.y + j) * full.x + start.x
        for index in row..<(row + size.x) {
          target[place] = Double(voxels[index]) / scale
          place += 1
        }
      }
    }
  }
}

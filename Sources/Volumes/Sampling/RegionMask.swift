/// A binary volume over the same field of view as another, of any size: the voxels that count.
public struct RegionMask: Sendable {
  private let isInside: [Bool]
  /// Voxels along i, j, k.
  package let size: SIMD3<Int>

  /// Whether no voxel is inside.
  public var isEmpty: Bool { !isInside.contains(true) }

  /// Bytes that the mask holds.
  package var byteCount: Int { isInside.count * MemoryLayout<Bool>.stride }

  /// Takes what is inside, i fastest.
  init(isInside: [Bool], size: SIMD3<Int>) {
    precondition(isInside.count == size.x * size.y * size.z, "\(isInside.count) for \(size)")
    self.isInside = isInside
    self.size = size
  }

  /// Takes a mask's values; anything but 0 is inside.
  ///
  /// - Parameters:
  ///   - voxels: i fastest.
  ///   - size: Voxels along i, j, k.
  public init(voxels: [Float], size: SIMD3<Int>) {
    precondition(voxels.count == size.x * size.y * size.z, "\(voxels.count) voxels for \(size)")
    isInside = voxels.map { $0 != 0 }
    self.size = size
  }

  /// Whether the mask's voxel (i, j, k) is inside.
  package func contains(_ i: Int, _ j: Int, _ k: Int) -> Bool {
    isInside[(k * size.y + j) * size.x + i]
  }
}

/// A mask seen from an output grid: the nearest mask voxel of every output voxel.
package struct SampledMask: Sendable {
  private let mask: RegionMask
  private let sampling: Sampling
  private let inputSize: SIMD3<Int>
  /// Per INPUT axis, the mask's index of each output index; empty for a general sampling.
  private let indices: [[Int]]

  package init(_ mask: RegionMask, sampling: Sampling, inputSize: SIMD3<Int>) {
    self.mask = mask
    self.sampling = sampling
    self.inputSize = inputSize
    if let separable = sampling.separable {
      indices = separable.axes.enumerated().map { axis, positions in
        positions.positions.map {
          Self.index($0, maskSize: mask.size[axis], inputSize: inputSize[axis])
        }
      }
    } else {
      indices = []
    }
  }

  /// Whether the output voxel with these indices is inside.
  package func contains(_ i: Int, _ j: Int, _ k: Int) -> Bool {
    switch sampling {
    case .separable: return mask.contains(indices[0][i], indices[1][j], indices[2][k])
    case .general(let general):
      let position = general.position(i: i, j: j, k: k)
      func index(_ axis: Int) -> Int {
        Self.index(position[axis], maskSize: mask.size[axis], inputSize: inputSize[axis])
      }
      return mask.contains(index(0), index(1), index(2))
    }
  }

  /// Whether any voxel of a part of a row is inside.
  package func meets(row: Range<Int>, j: Int, k: Int) -> Bool {
    row.contains { contains($0, j, k) }
  }

  private static func index(_ position: Double, maskSize: Int, inputSize: Int) -> Int {
    let place = (position + 0.5) / Double(inputSize) * Double(maskSize)
    // Limited before it becomes an Int: points outside the field of view may be any distance away.
    return Int(min(max(place.rounded(.down), 0), Double(maskSize - 1)))
  }
}

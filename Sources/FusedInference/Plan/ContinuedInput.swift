import Volumes

/// The input as a network sees it: continued beyond its faces by the network's margin.
///
/// Mirrored at the faces (c1 c0 | c0 c1), so that its outer voxels have neighbours as all others have.
struct ContinuedInput: Sendable {
  /// Voxels along i, j, k.
  let size: SIMD3<Int>
  /// Where the output voxels lie in it.
  let sampling: Sampling
  private let margin: Int
  private let inputSize: SIMD3<Int>

  /// Continues inputs of a size.
  ///
  /// - Parameters:
  ///   - margin: Voxels at every face.
  ///   - inputSize: Voxels of the input along i, j, k.
  ///   - sampling: Where the output voxels lie in the input.
  init(margin: Int, inputSize: SIMD3<Int>, sampling: Sampling) {
    self.margin = margin
    self.inputSize = inputSize
    size = inputSize &+ SIMD3(repeating: 2 * margin)
    self.sampling = sampling.moved(into: margin)
  }

  /// The voxels of an input, continued; those given where there is no margin.
  func continued(_ voxels: [Float]) -> [Float] {
    guard margin > 0 else { return voxels }
    let places = (0..<3).map { axis in
      (-margin..<inputSize[axis] + margin).map {
        SplineEdge.reflect.index($0, length: inputSize[axis])
      }
    }
    return [Float](unsafeUninitializedCapacity: size.x * size.y * size.z) { result, count in
      for k in places[2] {
        for j in places[1] {
          let row = (k * inputSize.y + j) * inputSize.x
          for i in places[0] {
            result.initializeElement(at: count, to: voxels[row + i])
            count += 1
          }
        }
      }
    }
  }
}

extension Sampling {
  /// The same positions in an input with a margin.
  ///
  /// Of grids parallel to the input, what was inside its field of view stays so alone; other grids may
  /// reach into the margin, and who uses them asks the input's own sampling.
  fileprivate func moved(into margin: Int) -> Sampling {
    switch self {
    case .separable(var sampling):
      for axis in sampling.axes.indices {
        for index in sampling.axes[axis].positions.indices {
          sampling.axes[axis].positions[index] += Double(margin)
        }
      }
      return .separable(sampling)
    case .general(var sampling):
      sampling.matrix.translation += SIMD3(repeating: Double(margin))
      sampling.inputSize &+= SIMD3(repeating: 2 * margin)
      return .general(sampling)
    }
  }
}

import Volumes
import Workers

/// Zeroes all but the lowest frequencies of a volume on its own grid and takes the magnitude.
///
/// Along an axis with n samples the frequencies -h ... h - 1 stay, one more below than above, so the
/// volume becomes complex.
struct BoxSpectrum: Sendable {
  let size: SIMD3<Int>
  /// h per axis; nil where the axis keeps all.
  let half: [Int?]

  /// Filters `voxels`.
  ///
  /// - Returns: The magnitudes.
  /// - Throws: If the system refuses memory.
  func run(
    _ voxels: UnsafePointer<Float>, pool: WorkerPool, isCancelled: @escaping @Sendable () -> Bool
  ) throws(WorkersError) -> AlignedBuffer<Float> {
    let count = size.x * size.y * size.z
    let complex = try AlignedBuffer<Float>(count: 2 * count)
    var isFirst = true
    for axis in 0..<3 {
      guard let half = half[axis] else { continue }
      try filter(
        axis, half, from: isFirst ? voxels : UnsafePointer(complex.pointer),
        isComplex: !isFirst, to: complex.pointer, pool: pool, isCancelled: isCancelled)
      isFirst = false
    }
    let result = try AlignedBuffer<Float>(count: count)
    for index in 0..<count {
      let real = Double(complex.pointer[index])
      let imaginary = Double(complex.pointer[count + index])
      result.pointer[index] = Float((real * real + imaginary * imaginary).squareRoot())
    }
    withExtendedLifetime(complex) {}
    return result
  }

  private func filter(
    _ axis: Int, _ half: Int, from source: UnsafePointer<Float>, isComplex: Bool,
    to target: UnsafeMutablePointer<Float>, pool: WorkerPool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(WorkersError) {
    let n = size[axis]
    var workspaces: [SpectrumWorkspace] = []
    for _ in 0..<pool.workerCount {
      workspaces.append(try SpectrumWorkspace(inputLength: n, outputLength: n))
    }
    var pass = LinePass(size: size, axis: axis, outputLength: n, scratchLength: 2 * n)
    pass.components = (source: isComplex ? 2 : 1, target: 2)
    pass.isCancelled = isCancelled
    pass.run(from: source, to: target, pool: pool) { line, worker in
      if !isComplex { line[n..<(2 * n)].update(repeating: .zero) }
      for lane in 0..<LinePass.lanes { keep(half, line, lane, workspaces[worker]) }
      return 0
    }
  }

  private func keep(
    _ half: Int, _ line: LinePass.Line, _ lane: Int, _ workspace: SpectrumWorkspace
  ) {
    let n = line.count / 2
    let (samples, spectrum) = (workspace.first, workspace.second)
    for index in 0..<n { samples[index] = SIMD2(line[index][lane], line[n + index][lane]) }
    workspace.forward.transform(samples, into: spectrum)
    // Frequencies 0 ... h - 1 lie at the beginning, -h ... -1 at the end.
    for bin in half..<(n - half) { spectrum[bin] = .zero }
    workspace.inverse.transform(spectrum, into: samples)
    for index in 0..<n {
      line[index][lane] = samples[index].x / Double(n)
      line[n + index][lane] = samples[index].y / Double(n)
    }
  }
}

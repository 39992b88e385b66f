import Workers

/// One pass over all lines of a volume along one axis.
///
/// Eight neighbouring lines are worked on together, in double precision, so that a recursion along a
/// line runs over vectors. Lines are independent: the result is the same for any number of workers.
///
/// A volume may have two components (real and imaginary parts), which lie behind each other as
/// `[component][k][j][i]`.
package struct LinePass {
  /// Lines worked on together.
  package static let lanes = 8
  /// Samples of eight lines.
  package typealias Line = UnsafeMutableBufferPointer<SIMD8<Double>>

  /// Voxels of the source along i, j, k.
  package var size: SIMD3<Int>
  /// The axis along which lines run.
  package var axis: Int
  /// Samples of a line of the result.
  package var outputLength: Int
  /// Components of source and result.
  package var components = (source: 1, target: 1)
  /// Samples of room that the work on a line needs.
  package var scratchLength: Int
  /// Asked before every item; what is left is not done once it says so.
  package var isCancelled: @Sendable () -> Bool = { false }

  package init(size: SIMD3<Int>, axis: Int, outputLength: Int, scratchLength: Int) {
    self.size = size
    self.axis = axis
    self.outputLength = outputLength
    self.scratchLength = scratchLength
  }

  /// Voxels of the result along i, j, k.
  package var outputSize: SIMD3<Int> {
    var result = size
    result[axis] = outputLength
    return result
  }

  /// Works on all lines.
  ///
  /// - Parameters:
  ///   - source: All voxels of the source.
  ///   - target: Room for all voxels of the result; may be the source where their sizes agree.
  ///   - pool: Shares the lines.
  ///   - body: Gets ``scratchLength`` samples that begin with the line, one component behind the
  ///     other, and the number of the worker; returns where in them the result begins.
  package func run(
    from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, pool: WorkerPool,
    _ body: (_ line: Line, _ worker: Int) -> Int
  ) {
    let read = Lines(size: size, axis: axis)
    let write = Lines(size: outputSize, axis: axis)
    let count = read.runCount * read.bundlesPerRun
    // A few thousand samples per item keep the pool's own cost out of sight.
    let bundlesPerItem = max(1, 8192 / (size[axis] * Self.lanes))
    let memory = Memory(source: source, target: target)
    let sourceCount = size.x * size.y * size.z
    let targetCount = sourceCount / size[axis] * outputLength
    pool.run((count + bundlesPerItem - 1) / bundlesPerItem) { item, worker in
      guard !isCancelled() else { return }
      withUnsafeTemporaryAllocation(of: SIMD8<Double>.self, capacity: scratchLength) { scratch in
        for index in (item * bundlesPerItem)..<min(count, (item + 1) * bundlesPerItem) {
          for part in 0..<components.source {
            read.load(
              index, from: memory.source + part * sourceCount,
              into: scratch.baseAddress.unsafelyUnwrapped + part * size[axis])
          }
          let start = body(scratch, worker)
          for part in 0..<components.target {
            write.store(
              index, of: scratch.baseAddress.unsafelyUnwrapped + start + part * outputLength,
              to: memory.target + part * targetCount)
          }
        }
      }
    }
  }

  /// Bundles share no voxel, so workers may work on them at the same time.
  private struct Memory: @unchecked Sendable {
    let source: UnsafePointer<Float>
    let target: UnsafeMutablePointer<Float>
  }

  /// All lines of a volume along one axis, in bundles.
  private struct Lines {
    let length: Int
    /// Distance of neighbours in a line.
    let step: Int
    /// Bundles cut one run of `runLength` lines that lie `lineStep` apart; runs lie `runStep` apart.
    let runLength: Int
    let lineStep: Int
    let runStep: Int
    let runCount: Int

    init(size: SIMD3<Int>, axis: Int) {
      length = size[axis]
      let plane = size.x * size.y
      switch axis {
      case 0: (step, runLength, lineStep, runStep, runCount) = (1, size.y * size.z, size.x, 0, 1)
      case 1:
        (step, runLength, lineStep, runStep, runCount) = (size.x, size.x, 1, plane, size.z)
      default:
        (step, runLength, lineStep, runStep, runCount) = (plane, plane, 1, 0, 1)
      }
    }

    var bundlesPerRun: Int { (runLength + lanes - 1) / lanes }

    /// The offset of the first line's first voxel, and the number of lines.
    private func bundle(_ index: Int) -> (start: Int, lines: Int) {
      let (run, part) = index.quotientAndRemainder(dividingBy: bundlesPerRun)
      let line = part * lanes
      return (run * runStep + line * lineStep, min(lanes, runLength - line))
    }

    func load(
      _ index: Int, from source: UnsafePointer<Float>,
      into line: UnsafeMutablePointer<SIMD8<Double>>
    ) {
      let (start, lineCount) = bundle(index)
      for position in 0..<length {
        let place = source + start + position * step
        var values = SIMD8<Double>.zero
        for number in 0..<lineCount { values[number] = Double(place[number * lineStep]) }
        line[position] = values
      }
    }

    func store(
      _ index: Int, of line: UnsafePointer<SIMD8<Double>>, to target: UnsafeMutablePointer<Float>
    ) {
      let (start, lineCount) = bundle(index)
      for position in 0..<length {
        let place = target + start + position * step
        let values = line[position]
        for number in 0..<lineCount { place[number * lineStep] = Float(values[number]) }
      }
    }
  }
}

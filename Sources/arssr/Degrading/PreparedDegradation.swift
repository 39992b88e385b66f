import Degradation
import Files
import Volumes

/// A run of `degrade` whose checks have passed as far as headers and words go.
struct PreparedDegradation {
  let request: DegradeRequest
  let machine: Machine
  let input: VolumeInput
  /// Frames of the input to work on, in order.
  let frames: [Int]
  let plan: DegradationPlan
  /// Read when there is known to be room for it.
  var mask: RegionMask?
  let console: Console

  var method: DegradationOperator { plan.request.method }

  /// How many times coarser each axis becomes.
  var factors: SIMD3<Double> { SIMD3(plan.axes.map(\.factor)) }

  /// - Parameter maskBytes: What the mask will take.
  /// - Throws: If the volumes of the work, with what is held beside them, or an integer result that
  ///   is held too, break the limit.
  func checkMemory(maskBytes: Int) throws(Failure) {
    let heldBytes = input.heldBytes + maskBytes
    try Failure.of { () throws(DegradationError) in
      try plan.check(memoryLimit: machine.memoryLimit, heldBytes: heldBytes)
    }
    let needed = plan.peakBytes + heldBytes + OutputRequest.heldBytes(outputHeader())
    guard needed > machine.memoryLimit else { return }
    throw Failure(.integerResultMemory(needed: needed, limit: machine.memoryLimit))
  }

  /// The header of the result.
  func outputHeader() -> NIfTIHeader {
    let scale = TripleText.text(factors, significant: 6)
    let description = "arssr \(Arssr.version) degrade \(method.rawValue) \(scale)"
    var header = input.header.output(
      grid: plan.grid, frames: frames.count, description: Array(description.utf8),
      keepsAxes: true)
    header.voxelType = request.file.voxelType(for: input.header.voxelType)
    return header
  }

  /// `288 x 288 x 181 -> 144 x 144 x 90, cubic, 8 threads`.
  var summary: String {
    "\(SizeText.text(plan.inputSize)) -> \(SizeText.text(plan.grid.size)), "
      + "\(method.rawValue), \(counted(machine.pool.workerCount, "thread"))"
  }

  var summaryMembers: [(key: String, value: JSON)] {
    [
      ("size", .integers(plan.inputSize)), ("targetSize", .integers(plan.grid.size)),
      ("frames", .integer(frames.count)), ("operator", .string(method.rawValue)),
      ("threads", .integer(machine.pool.workerCount)),
    ]
  }
}

import Networks

/// Which buffer holds which value of an encoder, and from which step to which it must exist.
///
/// A linear scan over the steps: a result takes a buffer of its width that no later step reads. The
/// result of a 1x1x1 layer may take the buffer of an operand that dies there, because that kernel
/// finishes a voxel before it stores it.
struct EncoderSchedule {
  /// A buffer and its life.
  struct Slot {
    /// Floats per voxel.
    var voxelStride: Int
    /// Steps that need it; allocated before the first, released after the last.
    var life: ClosedRange<Int>
  }

  private(set) var slots: [Slot] = []
  /// The slot of each value; the image (value 0) has none.
  private(set) var slotOfValue: [Int?]

  init(_ program: EncoderProgram) {
    let steps = program.steps
    var lastUse = [Int](repeating: -1, count: program.channels.count)
    for (index, step) in steps.enumerated() {
      for input in step.inputs { lastUse[input] = index }
      if let summand = step.summand { lastUse[summand.value] = index }
    }
    lastUse[program.result] = steps.count

    slotOfValue = [Int?](repeating: nil, count: program.channels.count)
    var occupant: [Int] = []
    for (index, step) in steps.enumerated() {
      let stride = program.voxelStride(step.output)
      let isFree = { (value: Int) -> Bool in
        lastUse[value] < index || (lastUse[value] == index && step.weights.kernel == 1)
      }
      let reusable = slots.indices.first {
        slots[$0].voxelStride == stride && isFree(occupant[$0])
      }
      let end = lastUse[step.output]
      if let slot = reusable {
        occupant[slot] = step.output
        slots[slot].life = slots[slot].life.lowerBound...max(slots[slot].life.upperBound, end)
        slotOfValue[step.output] = slot
      } else {
        slots.append(Slot(voxelStride: stride, life: index...end))
        occupant.append(step.output)
        slotOfValue[step.output] = slots.count - 1
      }
    }
  }

  /// The most floats per voxel that are alive at once, and what remains after the last step.
  func peakVoxelStride(steps: Int) -> Int {
    (0...steps).map { step in
      slots.filter { $0.life.contains(step) }.reduce(0) { $0 + $1.voxelStride }
    }.max() ?? 0
  }
}

/// What a process has resident beside a job, so that a plan is about the whole process.
///
/// Nothing by default: then a plan counts the job alone.
public struct HeldMemory: Sendable {
  /// Code, libraries, stacks, and buffers whose size does not depend on the plan.
  public var bytes: Int

  /// Bytes that are taken before the job begins, and given back.
  public var earlierBytes: Int

  /// Bytes that the receiver of the output planes holds, by how many it gets at once.
  public var sinkBytes: @Sendable (_ planes: Int) -> Int

  /// Bytes that are taken when the job has ended and given its own back.
  public var laterBytes: Int

  /// Collects the parts.
  public init(
    bytes: Int = 0, earlierBytes: Int = 0, laterBytes: Int = 0,
    sinkBytes: @escaping @Sendable (_ planes: Int) -> Int = { _ in 0 }
  ) {
    self.bytes = bytes
    self.earlierBytes = earlierBytes
    self.laterBytes = laterBytes
    self.sinkBytes = sinkBytes
  }

  /// The peak of the process around a job that takes so many bytes itself.
  func peak(jobBytes: Int, windowPlanes: Int) -> Int {
    let counted = max(jobBytes + sinkBytes(windowPlanes), earlierBytes, laterBytes)
    // Runs of one plan were seen 0.5 % of that apart on a busy machine.
    return bytes + MemoryModel.smallBytes + counted + (bytes == 0 ? 0 : counted / 128)
  }

  /// How far the resident code of two runs of the same program may be apart.
  ///
  /// A limit that one run names must do in the next.
  var variation: Int { bytes == 0 ? 0 : 1 << 20 }
}

import Workers

/// The moving average of all parameters, which is what is validated and exported.
///
/// After update t (from 0) the average moves by 1 - min(decay, (1 + t) / (10 + t)) towards the
/// parameters: fast in the beginning, so that it does not remember the start.
public final class WeightAverage {
  /// The slowest that it moves.
  public let decay: Double
  /// In the order of the layout.
  public let values: AlignedBuffer<Float>

  /// An average that begins at some parameters.
  ///
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public init(
    of parameters: UnsafePointer<Float>, _ layout: ParameterLayout, decay: Double
  ) throws(WorkersError) {
    self.decay = decay
    values = try AlignedBuffer(count: layout.count)
    values.pointer.update(from: parameters, count: layout.count)
  }

  /// Takes the parameters after update `step` in.
  public func update(_ parameters: UnsafePointer<Float>, step: Int, _ pool: WorkerPool) {
    let kept = min(decay, Double(1 + step) / Double(10 + step))
    let (old, new) = (Eight(repeating: Float(kept)), Eight(repeating: Float(1 - kept)))
    let average = values.pointer
    ArrayBlocks.forEach(values.count, pool) { block in
      for index in stride(from: block.lowerBound, to: block.upperBound, by: 8) {
        store(load(average, index) * old + load(parameters, index) * new, average, index)
      }
    }
  }
}

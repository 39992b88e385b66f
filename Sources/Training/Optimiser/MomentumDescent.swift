import Workers

/// Gradient descent with momentum, the rate inside the velocity, as Caffe has it.
///
///     u = momentum u + rate g,   p = p - u
public final class MomentumDescent {
  /// What stays of the velocity in a step.
  public let momentum: Double
  /// The velocity, in the order of the layout.
  public let velocity: AlignedBuffer<Float>
  private let factors: RateFactors?

  /// A descent that stands still.
  ///
  /// - Parameters:
  ///   - layout: The network.
  ///   - momentum: What stays of the velocity in a step.
  ///   - biasFactor: By which the rate is multiplied for biases.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public init(
    _ layout: ParameterLayout, momentum: Double, biasFactor: Float = 1
  ) throws(WorkersError) {
    self.momentum = momentum
    velocity = try AlignedBuffer(count: layout.count)
    factors = biasFactor == 1 ? nil : try RateFactors(layout, ofBiases: biasFactor)
  }

  /// Moves the parameters; see ``Adam/update(_:gradient:factor:rate:_:)``.
  public func update(
    _ parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, factor: Double,
    rate: Double, _ pool: WorkerPool
  ) {
    let (momentum, step) = (Eight(momentum), Eight(rate * factor))
    let velocity = velocity.pointer
    ArrayBlocks.forEach(self.velocity.count, pool) { block in
      for index in stride(from: block.lowerBound, to: block.upperBound, by: 8) {
        var push = step * load(gradient, index)
        if let factors { push *= load(factors.pointer, index) }
        let speed = momentum * load(velocity, index) + push
        store(speed, velocity, index)
        store(load(parameters, index) - speed, parameters, index)
      }
    }
  }
}

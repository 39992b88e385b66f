import Workers

/// Numbers of Adam.
public struct AdamSettings: Sendable, Equatable {
  /// How slowly the mean gradient moves.
  public var beta1: Double
  /// How slowly the mean squared gradient moves.
  public var beta2: Double
  /// Added to the root of the mean squared gradient.
  public var epsilon: Double
  /// Whether epsilon is added to the root as it is, as Caffe and chainer do, not to the root that is
  /// corrected for the first steps.
  public var addsEpsilonFirst = false
  /// Share of the rate by which every parameter shrinks in a step, apart from the gradient.
  public var weightDecay: Double

  /// The published defaults, or others.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

/// Adam (Kingma and Ba, 2015) with weight decay apart from the gradient (Loshchilov and Hutter, 2019).
///
///     m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
///     p = p - rate decay p - rate / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + epsilon)
///
/// As Caffe and chainer have it: `rate sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + epsilon)`.
public final class Adam {
  /// How it moves.
  public let settings: AdamSettings
  /// Updates so far.
  public var steps = 0
  /// Mean gradients, in the order of the layout.
  public let first: AlignedBuffer<Float>
  /// Mean squared gradients, in the order of the layout.
  public let second: AlignedBuffer<Float>

  private let factors: RateFactors?

  /// An optimiser that has not moved yet.
  ///
  /// - Parameters:
  ///   - layout: The network.
  ///   - settings: How it moves.
  ///   - biasFactor: By which the rate is multiplied for biases.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  public init(
    _ layout: ParameterLayout, _ settings: AdamSettings, biasFactor: Float = 1
  ) throws(WorkersError) {
    self.settings = settings
    factors = biasFactor == 1 ? nil : try RateFactors(layout, ofBiases: biasFactor)
    first = try AlignedBuffer(count: layout.count)
    second = try AlignedBuffer(count: layout.count)
  }

  /// Moves the parameters.
  ///
  /// - Parameters:
  ///   - parameters: In the order of the layout.
  ///   - gradient: In the order of the layout.
  ///   - factor: By which the gradient is multiplied, for clipping.
  ///   - rate: The learning rate of this step.
  ///   - pool: The workers.
  public func update(
    _ parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, factor: Double,
    rate: Double, _ pool: WorkerPool
  ) {
    steps += 1
    let bias1 = 1 - power(settings.beta1, steps)
    let bias2 = 1 - power(settings.beta2, steps)
    let (beta1, beta2) = (Eight(settings.beta1), Eight(settings.beta2))
    let (rest1, rest2) = (Eight(1 - settings.beta1), Eight(1 - settings.beta2))
    let stepSize = Eight(rate / bias1)
    let rootFactor = Eight(1 / bias2.squareRoot())
    let epsilon = Eight(
      settings.addsEpsilonFirst ? settings.epsilon / bias2.squareRoot() : settings.epsilon)
    let kept = Eight(1 - rate * settings.weightDecay)
    let factor = Eight(factor)
    let (first, second) = (first.pointer, second.pointer)
    ArrayBlocks.forEach(self.first.count, pool) { block in
      for index in stride(from: block.lowerBound, to: block.upperBound, by: 8) {
        let slope = load(gradient, index) * factor
        let mean = load(first, index) * beta1 + slope * rest1
        let square = load(second, index) * beta2 + slope * slope * rest2
        store(mean, first, index)
        store(square, second, index)
        let root = square.squareRoot() * rootFactor + epsilon
        var move = stepSize * (mean / root)
        if let factors { move *= load(factors.pointer, index) }
        store(load(parameters, index) * kept - move, parameters, index)
      }
    }
  }

  /// A whole power by multiplication, the same on every machine.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}

extension Eight {
  init(_ value: Double) { self.init(repeating: Float(value)) }
}

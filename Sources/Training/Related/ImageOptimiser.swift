import Workers

/// The rule by which a related network's parameters move.
public enum ImageRule: Sendable, Equatable {
  /// See ``Adam``.
  case adam(AdamSettings)
  /// See ``MomentumDescent``.
  case descent(momentum: Double)

  /// Adam as Caffe and chainer have it.
  static var adamOfCaffe: ImageRule {
    var settings = AdamSettings()
    settings.addsEpsilonFirst = true
    return .adam(settings)
  }
}

/// A rule with what it remembers.
enum ImageOptimiser {
  case adam(Adam)
  case descent(MomentumDescent)

  init(
    _ rule: ImageRule, _ layout: ParameterLayout, biasFactor: Float
  ) throws(WorkersError) {
    switch rule {
    case .adam(let settings): self = .adam(try Adam(layout, settings, biasFactor: biasFactor))
    case .descent(let momentum):
      self = .descent(try MomentumDescent(layout, momentum: momentum, biasFactor: biasFactor))
    }
  }

  /// Updates so far, where they matter.
  var steps: Int {
    get { if case .adam(let adam) = self { adam.steps } else { 0 } }
    nonmutating set { if case .adam(let adam) = self { adam.steps = newValue } }
  }

  /// What a checkpoint keeps, and how it calls it.
  var memory: [(prefix: String, values: AlignedBuffer<Float>)] {
    switch self {
    case .adam(let adam): [("adam.first.", adam.first), ("adam.second.", adam.second)]
    case .descent(let descent): [("velocity.", descent.velocity)]
    }
  }

  func update(
    _ parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, factor: Double,
    rate: Double, _ pool: WorkerPool
  ) {
    switch self {
    case .adam(let adam):
      adam.update(parameters, gradient: gradient, factor: factor, rate: rate, pool)
    case .descent(let descent):
      descent.update(parameters, gradient: gradient, factor: factor, rate: rate, pool)
    }
  }
}

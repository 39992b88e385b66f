import Workers

/// Draws the batches of a related network's training.
///
/// A batch is a function of the volumes, the settings, the seed and the step alone. Patches whose truth
/// is one value, as around a masked head, teach nothing and are left out.
public struct ImageSource: Sendable {
  /// What is drawn.
  public let settings: ImageDataSettings
  private let pairs: [ImagePair]
  private let seed: UInt64
  /// Patches in the order in which they are drawn, where they are drawn regularly.
  private let places: [Place]

  /// Draws of a random patch before one with a constant truth is taken.
  private static let attempts = 32

  private struct Place: Sendable {
    var pair: Int32
    var corner: SIMD3<Int32>
  }

  /// Makes all pairs, which stay in memory.
  ///
  /// - Parameters:
  ///   - volumes: To train on.
  ///   - settings: What is drawn.
  ///   - seed: Another seed, another order and other patches.
  ///   - pool: Shares the work.
  /// - Throws: If a volume is too small for a patch, or the system refuses memory.
  public init(
    _ volumes: TrainingVolumes, settings: ImageDataSettings, seed: UInt64, pool: WorkerPool
  ) throws(TrainingDataError) {
    self.settings = settings
    self.seed = seed
    var pairs: [ImagePair] = []
    for volume in volumes.all {
      for scale in settings.scales {
        let pair = try ImagePair(volume, scale: scale, settings.pairs, pool: pool)
        guard pair.size.min() >= settings.patch else {
          let needed = settings.patch * (settings.pairs == .origin ? scale : 1)
          throw .tooSmall(path: volume.path, size: volume.size, needed: needed)
        }
        pairs.append(pair)
      }
    }
    self.pairs = pairs
    guard case .regular(let stride) = settings.drawing else {
      places = []
      return
    }
    var places = pairs.indices.flatMap { index in
      Self.places(pairs[index], index, settings, stride: stride)
    }
    var stream = RandomStream(seed: seed, .order, 0)
    for last in places.indices.dropFirst().reversed() {
      places.swapAt(last, stream.integer(below: last + 1))
    }
    self.places = settings.most.map { Array(places.prefix($0)) } ?? places
  }

  private static func places(
    _ pair: ImagePair, _ index: Int, _ settings: ImageDataSettings, stride step: Int
  ) -> [Place] {
    let patch = SIMD3(repeating: settings.patch)
    func starts(_ length: Int) -> [Int] {
      Array(stride(from: 0, through: length - settings.patch, by: step))
    }
    return starts(pair.size.z).flatMap { k in
      starts(pair.size.y).flatMap { j in
        starts(pair.size.x).compactMap { i in
          let corner = SIMD3(i, j, k)
          guard !pair.isConstant(at: corner, patch, margin: settings.margin) else { return nil }
          return Place(pair: Int32(index), corner: SIMD3(truncatingIfNeeded: corner))
        }
      }
    }
  }

  /// Patches that are drawn before the first is drawn again; nil where they are drawn anew.
  public var count: Int? { places.isEmpty ? nil : places.count }

  /// Bytes that the pairs hold.
  public var byteCount: Int {
    pairs.reduce(0) { sum, pair in
      sum + 4 * (pair.target.count + pair.images.reduce(0) { $0 + $1.count })
    }
  }

  /// Draws the batch of a step.
  ///
  /// - Parameter step: From 0.
  /// - Returns: As many samples as the settings say.
  public func batch(step: Int) -> ImageBatch {
    let patch = SIMD3(repeating: settings.patch)
    let samples = (0..<settings.batch).map { number in
      let (pair, corner) = place(step: step, number)
      return pairs[pair].sample(at: corner, patch, margin: settings.margin)
    }
    return ImageBatch(
      size: patch, targetSize: (patch &- 2 * settings.margin) &* pairs[0].factor,
      samples: samples)
  }

  private func place(step: Int, _ number: Int) -> (pair: Int, corner: SIMD3<Int>) {
    if !places.isEmpty {
      let place = places[(step * settings.batch + number) % places.count]
      return (Int(place.pair), SIMD3<Int>(truncatingIfNeeded: place.corner))
    }
    var stream = RandomStream(seed: seed, .sample, step, number)
    let pair = stream.integer(below: pairs.count)
    let patch = SIMD3(repeating: settings.patch)
    var corner = SIMD3<Int>.zero
    for _ in 0..<Self.attempts {
      for axis in 0..<3 {
        corner[axis] = stream.integer(below: pairs[pair].size[axis] - settings.patch + 1)
      }
      if !pairs[pair].isConstant(at: corner, patch, margin: settings.margin) { break }
    }
    return (pair, corner)
  }
}

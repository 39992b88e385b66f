/// Feature maps of images of one size, one below the other: `[image][row][pixel][channel]`, each row with
/// zeros at both ends.
struct FeatureStack {
  /// Zeros before a row, and behind it: tiles of 4 pixels reach 4 beyond it, strided windows less.
  static let pixelsBefore = 2
  static let pixelsBehind = 6

  let images: Int
  let rows: Int
  let columns: Int
  let channels: Int
  let pointer: UnsafeMutablePointer<Float>

  /// Floats of a row with its ends.
  static func rowFloats(columns: Int, channels: Int) -> Int {
    (columns + pixelsBefore + pixelsBehind) * channels
  }

  /// Floats of a stack.
  static func floats(images: Int, rows: Int, columns: Int, channels: Int) -> Int {
    images * rows * rowFloats(columns: columns, channels: channels)
  }

  /// The first pixel of a row.
  func row(_ image: Int, _ row: Int) -> UnsafeMutablePointer<Float> {
    pointer + (image * rows + row) * Self.rowFloats(columns: columns, channels: channels)
      + Self.pixelsBefore * channels
  }

  /// Writes the zeros at the ends of all rows.
  func clearEnds() {
    for image in 0..<images {
      for line in 0..<rows {
        let first = row(image, line)
        (first - Self.pixelsBefore * channels).update(
          repeating: 0, count: Self.pixelsBefore * channels)
        (first + columns * channels).update(repeating: 0, count: Self.pixelsBehind * channels)
      }
    }
  }

  /// The maxima of windows of `extent` by `extent` pixels, every second pixel; channels are a multiple
  /// of 16.
  func pool(extent: Int, into target: FeatureStack) {
    typealias Lanes = SIMD16<Float>
    for image in 0..<images {
      for line in 0..<target.rows {
        let output = target.row(image, line)
        for column in 0..<target.columns {
          for channel in stride(from: 0, to: channels, by: Lanes.scalarCount) {
            var largest = Lanes(repeating: -.infinity)
            for y in 0..<extent {
              let input = row(image, 2 * line + y) + 2 * column * channels + channel
              for x in 0..<extent {
                let value = UnsafeRawPointer(input + x * channels).loadUnaligned(as: Lanes.self)
                largest.replace(with: value, where: value .> largest)
              }
            }
            UnsafeMutableRawPointer(output + column * channels + channel)
              .storeBytes(of: largest, as: Lanes.self)
          }
        }
      }
    }
    target.clearEnds()
  }

  /// How far the features of each image lie from those of image 0: at every pixel both are divided by
  /// their length, and the squared differences of the channels weighted and added; the mean over pixels.
  ///
  /// - Parameter weights: One per channel, a multiple of 16.
  /// - Returns: A distance for each image but image 0.
  func distances(weights: [Float]) -> [Double] {
    (1..<images).map { image in
      var sum = 0.0
      for line in 0..<rows {
        let (truth, other) = (row(0, line), row(image, line))
        weights.withUnsafeBufferPointer { weights in
          guard let weights = weights.baseAddress else { return }
          for column in 0..<columns {
            sum += Self.distance(
              truth + column * channels, other + column * channels, weights, channels)
          }
        }
      }
      return sum / Double(rows * columns)
    }
  }

  @inline(__always)
  private static func distance(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    _ weights: UnsafePointer<Float>, _ channels: Int
  ) -> Double {
    typealias Lanes = SIMD16<Float>
    func load(_ source: UnsafePointer<Float>, _ channel: Int) -> Lanes {
      UnsafeRawPointer(source + channel).loadUnaligned(as: Lanes.self)
    }
    var (squares, otherSquares) = (Lanes.zero, Lanes.zero)
    for channel in stride(from: 0, to: channels, by: Lanes.scalarCount) {
      let (a, b) = (load(first, channel), load(second, channel))
      squares += a * a
      otherSquares += b * b
    }
    // What is added to a length keeps features of zeros at 0.
    let scale = 1 / (squares.sum().squareRoot() + 1e-10)
    let otherScale = 1 / (otherSquares.sum().squareRoot() + 1e-10)
    var total = Lanes.zero
    for channel in stride(from: 0, to: channels, by: Lanes.scalarCount) {
      let difference = load(first, channel) * scale - load(second, channel) * otherScale
      total += load(weights, channel) * difference * difference
    }
    return Double(total.sum())
  }
}

import Networks

/// What `bench` can measure.
enum BenchWorkload: String, WordValue {
  case encode
  case decode
  case upsample
  case kernels
  case memory
  case io
}

/// `--sweep`: what is varied.
enum BenchSweep: String, WordValue {
  case threads
  case isa
  case tile
}

/// `--size` of `bench`: voxels of the input per axis.
struct BenchSize: OptionValue, Equatable {
  /// Larger volumes are no heads.
  static let limit = 4096

  var voxels: SIMD3<Int>

  init(optionText text: String) throws(OptionValueError) {
    let values = try TripleText.parse(text, NumberText.integer, what: "whole number")
    for value in values where !(1...Self.limit).contains(value) {
      throw OptionValueError(reason: "sizes are 1 to \(Self.limit) voxels per axis")
    }
    voxels = SIMD3(values)
  }
}

/// Bounds of `--repetitions`.
enum RepetitionBounds: CountBounds { static let range = 1...10_000 }

typealias RepetitionCount = BoundedCount<RepetitionBounds>

/// `--min-seconds`.
struct MeasuringTime: OptionValue, Equatable {
  static let limit = 3600.0

  var seconds: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let seconds = NumberText.real(text), seconds >= 0, seconds <= Self.limit else {
      throw OptionValueError(reason: "must be seconds from 0 to \(NumberText.text(Self.limit))")
    }
    self.seconds = seconds
  }
}

/// `--background` of `bench`.
struct BackgroundShare: OptionValue, Equatable {
  var share: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let share = NumberText.real(text), share == 0 || (0.5...0.99).contains(share) else {
      throw OptionValueError(reason: "must be 0 or a share from 0.5 to 0.99")
    }
    self.share = share
  }
}

/// `--fail-below`.
struct LeastRatio: OptionValue, Equatable {
  var ratio: Double

  init(optionText text: String) throws(OptionValueError) {
    guard let ratio = NumberText.real(text), ratio > 0 else {
      throw OptionValueError(reason: "must be a number above 0, e.g. 0.95")
    }
    self.ratio = ratio
  }
}

/// `--model` of `bench`: a checkpoint, or a published size with random weights.
enum BenchModel: OptionValue, Equatable {
  case checkpoint(String)
  case random(EncoderKind)

  private static let prefix = "random:"

  init(optionText text: String) throws(OptionValueError) {
    guard text.hasPrefix(Self.prefix) else {
      self = .checkpoint(try NameValue(optionText: text).text)
      return
    }
    let name = String(text.dropFirst(Self.prefix.count))
    guard let kind = EncoderKind.allCases.first(where: { $0.rawValue.lowercased() == name }) else {
      let words = EncoderKind.allCases.map { Self.prefix + $0.rawValue.lowercased() }
      throw .unknownWord(text, among: words)
    }
    self = .random(kind)
  }
}

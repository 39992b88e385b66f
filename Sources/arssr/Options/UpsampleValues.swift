import Volumes

/// `--method`: the network, or interpolation in its place.
enum UpsampleMethod: String, WordValue {
  case model
  case nearest
  case linear
  case cubic
  case lanczos3
}

/// `--outside`: what stands where the mask is 0.
enum OutsideValue: String, WordValue {
  case zero
  case linear
}

/// `--background`: what happens where the input has a constant background.
enum BackgroundValue: String, WordValue {
  case keep
  case compute
}

/// `--nan`: what happens to voxels that are NaN, infinite or beyond `Volume.largestMagnitude`.
enum NonFinitePolicy: String, WordValue {
  case error
  case zero
}

/// `--datatype`: how voxels are stored.
enum StoredType: String, WordValue {
  case float32
  case input
  case int16
  case uint16
  case uint8
}

/// `--clip`: limits of the result.
enum ClipRange: OptionValue, Equatable {
  case none
  /// The range of the input volume.
  case input
  case range(Double, Double)

  init(optionText text: String) throws(OptionValueError) {
    switch text {
    case "none": self = .none
    case "input": self = .input
    default:
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 2, let low = NumberText.real(parts[0]),
        let high = NumberText.real(parts[1]), low < high
      else {
        throw OptionValueError(reason: "must be none, input or LOW,HIGH with LOW below HIGH")
      }
      self = .range(low, high)
    }
  }
}

/// `--volumes`: frames of a series, counted from 0; `a:b` includes both ends.
struct FrameSelection: OptionValue, Equatable {
  var ranges: [ClosedRange<Int>]

  init(optionText text: String) throws(OptionValueError) {
    ranges = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: ":", omittingEmptySubsequences: false)
      guard ends.count <= 2, let first = NumberText.integer(ends[0]),
        let last = NumberText.integer(ends[ends.count - 1]), first >= 0, first <= last
      else {
        throw OptionValueError(reason: "frames are numbers from 0 and ranges, e.g. 0:9 or 0,4,8")
      }
      ranges.append(first...last)
    }
  }

  /// The frames asked for, in increasing order and each once.
  ///
  /// - Throws: If one lies beyond the last frame of the series.
  func frames(of count: Int) throws(OptionValueError) -> [Int] {
    if let beyond = ranges.first(where: { $0.upperBound >= count }) {
      throw OptionValueError(
        reason: "frame \(beyond.upperBound) asked, the input has \(count) (0 to \(count - 1))")
    }
    return (0..<count).filter { frame in ranges.contains { $0.contains(frame) } }
  }
}

/// `--normalisation`: what the model's card says, or something else.
enum NormalisationChoice: OptionValue, Equatable {
  case card
  case given(Normalisation)

  init(optionText text: String) throws(OptionValueError) {
    if text == "card" {
      self = .card
    } else if let normalisation = Normalisation(text) {
      self = .given(normalisation)
    } else {
      throw OptionValueError(
        reason: "must be card, none, max, minmax, percentile:LOW,HIGH or scale:VALUE (from 1e-38 "
          + "to 1e38)")
    }
  }
}

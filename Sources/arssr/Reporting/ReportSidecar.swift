import Checkpoints
import Degradation
import Files
import Volumes

/// What the sidecar of a result says, as far as there is one and it can be read.
struct ReportSidecar {
  let text: [UInt8]
  private let details: JSONObject?

  init(of result: String) {
    let path = OutputRequest.sidecarPath(of: result)
    let limit = StrictJSON.Limits.settings.bytes
    self.init(text: (try? InputFile(path: path).read(at: 0, count: limit)) ?? [])
  }

  init(text: [UInt8]) {
    self.text = text
    guard case .object(let root)? = try? StrictJSON.parse(text),
      case .object(let details)? = root["Arssr"]
    else {
      details = nil
      return
    }
    self.details = details
  }

  /// The blur by which the result was measured again, or which its model took into account.
  var blur: MeasurementModel.Blur? {
    var consistency = details?["Consistency"]
    // Of a series there is one per frame, all by the same blur.
    if case .array(let frames)? = consistency { consistency = frames.first }
    if case .object(let agreement)? = consistency { return Self.blur(agreement["Width"]) }
    return Self.blur(details?["PSF"])
  }

  private static func blur(_ value: JSONValue?) -> MeasurementModel.Blur? {
    if case .number(let number)? = value {
      return number.double.flatMap { Deconvolution.widths.contains($0) ? .uniform($0) : nil }
    }
    guard let widths = numbers(value), Deconvolution.takes(widths) else { return nil }
    return .perAxis(widths)
  }

  /// What made the result; nil where that is not said.
  var origin: ResultOrigin? {
    guard let method else { return nil }
    return ResultOrigin(
      method: method, version: Self.text(details?["Version"]),
      scale: Self.numbers(details?["Scale"]))
  }

  private var method: ResultOrigin.Method? {
    if case .object(let model)? = details?["Model"] {
      guard let name = Self.text(model["Name"]), let digest = Self.text(model["SHA256"]) else {
        return nil
      }
      return .model(name: name, digest: digest, kind: Self.text(model["Kind"]))
    }
    guard let word = Self.text(details?["Method"]), let method = UpsampleMethod(rawValue: word)
    else { return nil }
    return method == .model ? nil : .interpolation(word)
  }

  /// The frame of the source that the first of a result's frames was made from.
  ///
  /// - Parameters:
  ///   - shown: Frames of the result.
  ///   - count: Frames of the source.
  /// - Returns: Nil where the sidecar does not say it of such a result and source.
  func firstFrame(ofResult shown: Int, in count: Int) -> Int? {
    guard case .object(let source)? = details?["Source"],
      case .array(let values)? = source["Volumes"], values.count == shown
    else { return nil }
    let frames = values.compactMap { value -> Int? in
      guard case .number(let number) = value, let frame = number.integer else { return nil }
      return (0..<count).contains(frame) ? frame : nil
    }
    return frames.count == shown ? frames.first : nil
  }

  /// A text for one line of a page.
  private static func text(_ value: JSONValue?) -> String? {
    guard case .string(let text)? = value else { return nil }
    return Escaping.text(text)
  }

  private static func numbers(_ value: JSONValue?) -> SIMD3<Double>? {
    guard case .array(let values)? = value else { return nil }
    let numbers = values.compactMap { value -> Double? in
      guard case .number(let number) = value else { return nil }
      return number.double
    }
    return numbers.count == 3 ? SIMD3(numbers) : nil
  }
}

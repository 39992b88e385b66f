import Volumes

/// `--psf`: blur of the input, FWHM over spacing.
enum BlurChoice: OptionValue, Equatable {
  /// The same along all axes that become finer.
  case uniform(Double)
  /// Along i, j, k.
  case perAxis(SIMD3<Double>)
  /// What the sidecar of the input tells.
  case automatic

  init(optionText text: String) throws(OptionValueError) {
    if text == "auto" {
      self = .automatic
      return
    }
    let widths = try BlurWidths(
      text,
      forms: "(0: point samples, 1: blurred to the voxel size), three of them (i,j,k), or auto")
    self = widths.isOne ? .uniform(widths.values.x) : .perAxis(widths.values)
  }
}

/// One width of a blur for all axes, or one for each.
struct BlurWidths {
  let values: SIMD3<Double>
  /// Whether one number stands for all axes.
  let isOne: Bool

  /// Reads the text of an option.
  ///
  /// - Parameters:
  ///   - text: One number, or three.
  ///   - forms: What else the option may be, for the message.
  /// - Throws: ``OptionValueError`` where a width is none of `Deconvolution.widths`.
  init(_ text: String, forms: String) throws(OptionValueError) {
    let widths = try TripleText.parse(text, NumberText.real, what: "number")
    guard widths.allSatisfy(Deconvolution.widths.contains) else {
      let most = NumberText.text(Deconvolution.widths.upperBound)
      throw OptionValueError(reason: "must be a number from 0 to \(most) \(forms)")
    }
    values = SIMD3(widths)
    isOne = NumberText.real(text) != nil
  }
}

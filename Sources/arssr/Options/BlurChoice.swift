import Files
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
    let widths = try TripleText.parse(text, NumberText.real, what: "number")
    guard widths.allSatisfy(Deconvolution.widths.contains) else {
      let most = Deconvolution.widths.upperBound.plainText
      throw OptionValueError(
        reason: "must be a number from 0 to \(most) (0: point samples, 1: "
          + "blurred to the voxel size), three of them (i,j,k), or auto")
    }
    let isOne = NumberText.real(text) != nil
    self = isOne ? .uniform(widths[0]) : .perAxis(SIMD3(widths))
  }
}

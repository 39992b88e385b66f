import Degradation
import Files
import Volumes

/// `--measured-psf`: blur of the input, FWHM over spacing.
struct MeasuredBlur: OptionValue, Equatable {
  var blur: MeasurementModel.Blur

  init(optionText text: String) throws(OptionValueError) {
    let widths = try TripleText.parse(text, NumberText.real, what: "number")
    guard widths.allSatisfy(Deconvolution.widths.contains) else {
      let most = Deconvolution.widths.upperBound.plainText
      throw OptionValueError(
        reason: "must be a number from 0 to \(most) (0: point samples), or three of them (i,j,k)")
    }
    blur = NumberText.real(text) == nil ? .perAxis(SIMD3(widths)) : .uniform(widths[0])
  }
}
